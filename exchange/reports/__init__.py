"""Reports to others and for oneself: batches for the platform, monthly indicators, the yearly conversion report."""

"""Speed, shown by ratios against a baseline in the same run."""

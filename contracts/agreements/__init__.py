"""The agreements beside a contract: its change, extension and end, and the secrecy of what is told before it."""

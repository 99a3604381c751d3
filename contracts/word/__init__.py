"""Contracts as Word files: written for negotiation, read back, and compared clause by clause with what was sent."""

"""Files that come from outside: what they are by their content, and whether they may be kept. Bytes in, nothing run."""

"""Electronic signatures on PDFs: where they go, setting them (PAdES), and checking those that are there."""

"""The institution's seal on its papers: what a QR code vouches for, and how anybody checks it."""

"""Long tables of contracts, set by a faster engine and laid into the pages of the document."""

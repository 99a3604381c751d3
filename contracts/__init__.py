"""Terms, clauses, documents and their PDF: everything a case puts on paper."""

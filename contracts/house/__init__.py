"""What an institution makes its own on paper: letterhead, numbers, type and clause texts, kept in a folder of its own."""

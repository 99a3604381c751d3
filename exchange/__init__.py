"""In and out: patent lists, calendar feed, mail, archive."""

"""The clause library: every text that contracts are put together from, with versions, variants, reasons and legal basis."""

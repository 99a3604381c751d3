"""The kinds of sheets that can be imported, one module per subject; `exchange.sheet_kinds` lists them."""

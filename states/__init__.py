"""One state chart per conversion mode: decides, never writes."""

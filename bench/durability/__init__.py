"""The product under SIGKILL: real processes, real officers' load over HTTP, and a count of what was lost or doubled."""

"""The doors: web workbench, REST API, command line."""

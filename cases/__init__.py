"""The record: tables, migrations, and the actions that are its only writers."""

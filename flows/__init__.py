"""Prefect flows: thin, ids in, one action called, result logged."""

"""Fonts of printed documents: shipped compressed, decoded once per installation."""

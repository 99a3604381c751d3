"""The edition of a contract in Chinese and English, the Chinese prevailing."""

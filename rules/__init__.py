"""Law and house policy as dated, sourced data, and the pure arithmetic that reads them.

Identifiers, money, dates, the calendar, deadlines, publicity, terms of protection and the gates between the
state of a patent and an intended act. No clock and no database: today comes in as a value.
"""

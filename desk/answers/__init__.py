"""Questions that need no case: one function per question, asked alike by command line, API and desk.

In: the texts a person typed. Out: plain JSON values, amounts in fen, dates ISO; every number with its derivation.
"""

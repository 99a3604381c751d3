"""How WeasyPrint is made to set Chinese contracts: tags, identity, justification and speed.

Each module mends one thing of the one release that `contracts.pdf` asks for; with `contracts.pdf` they are the
only ones that know the engine.
"""

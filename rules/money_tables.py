"""Dated tables of shares, caps, net-income formulas and tax reliefs.

In: rows of a pack. Out: frozen, checked models; `rules.rewards`, `rules.caps` and `rules.taxes` compute with them.
"""

from collections.abc import Mapping

from rules.rule import Dated

SECTIONS: Mapping[str, type[Dated]] = {}

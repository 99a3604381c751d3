"""Dated tables of official fees: annual fees, other fees, reductions, surcharges.

In: rows of a pack. Out: frozen, checked models; `rules.annual_fees` computes with them.
"""

from collections.abc import Mapping

from rules.rule import Dated

SECTIONS: Mapping[str, type[Dated]] = {}

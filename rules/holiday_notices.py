"""Holiday notices that a pack brings for years the shipped holiday table does not know yet.

In: rows of a pack. Out: frozen, checked models; `rules.calendar` lays them over the official table.
"""

from collections.abc import Mapping

from rules.rule import Dated

SECTIONS: Mapping[str, type[Dated]] = {}

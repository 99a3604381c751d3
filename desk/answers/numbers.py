"""Whether numbers are right: application, patent and publication numbers, credit codes, resident ids.

In: numbers as typed. Out: one row per number, in their order; a wrong number is an answer, not a failure.
"""

from collections.abc import Sequence
from typing import Any

from cases.errors import Invalid
from rules.identifiers import GENERATIONS_ZH, TYPES_ZH, NumberCheck, check_number
from rules.patent_numbers import KIND_ZH

MOST_NUMBERS = 10_000
LONGEST = 200


def check(numbers: Sequence[str]) -> list[dict[str, Any]]:
    """Return one row per number: what it is taken for, its one form, and why it is wrong if it is.

    `kind` is the kind of patent (invention, utility, design), or uscc, resident_id, organization_code, pct, unknown;
    `generation` the numbering of patents (1985-1988, 1989-2003, 2003-; 1989-2007 and 2007- for publications), or None.

    Raises: Invalid for no number, too many, or one that is too long.
    """
    faults = {}
    if not numbers:
        faults["numbers"] = "没有号码。请至少填写一个号码。"
    if len(numbers) > MOST_NUMBERS:
        faults["numbers"] = f"一次最多核对{MOST_NUMBERS}个号码，现有{len(numbers)}个。请分批核对。"
    for place, number in enumerate(numbers[:MOST_NUMBERS], 1):
        if len(number) > LONGEST:
            faults[f"numbers[{place}]"] = f"第{place}个号码超过{LONGEST}个字符，不是号码。请核对后重新填写。"
    if faults:
        raise Invalid("；".join(faults.values()), faults, f"wrong numbers: {', '.join(faults)}")
    return [_row(check_number(number)) for number in numbers]


def _row(found: NumberCheck) -> dict[str, Any]:
    return {
        "input": found.input,
        "normalized": found.normalized,
        "kind": found.kind,
        "generation": found.generation,
        "valid": found.valid,
        "reason": found.reason,
        "type": found.type,
        "type_zh": TYPES_ZH[found.type],
        "kind_zh": KIND_ZH.get(found.kind, ""),
        "generation_zh": GENERATIONS_ZH.get(found.generation or "", ""),
        "code": found.code,
        "patent_no": found.patent_no,
        "derivation": found.derivation.answer(),
    }

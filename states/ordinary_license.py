"""Ordinary license (普通许可): the licensor may work the patent and license others beside the licensee.

Beside a sole license it may stand for the licensor's own working; that is recorded like a consent.
Source: 技术合同纠纷解释 arts 25, 27
"""

from dataclasses import replace
from typing import Any, Literal

from pydantic import Field

from states import payloads, preparation
from states.license import license_mode


def _with_own_working() -> dict[str, Any]:
    """Return what forms show of the consents that every license knows, and of this one."""
    shared = payloads.RecordConsent.model_fields["consent"].json_schema_extra
    shown: dict[str, Any] = dict(shared) if isinstance(shared, dict) else {}
    return {
        **shown,
        "options_zh": {**shown["options_zh"], "own_working": "视为许可人自行实施的确认"},
        "options_en": {**shown["options_en"], "own_working": "counts as the licensor's own working"},
    }


Consent = Literal[
    "co_owner",
    "co_owner_agreement",
    "pledgee",
    "project_body",
    "export_control",
    "license_disclosure",
    "own_working",
]


class RecordConsent(payloads.RecordConsent):
    """Somebody whose consent the law asks for has given it, or the license counts as own working."""

    # Wider than the base: no other license counts as own working.
    consent: Consent = Field(json_schema_extra=_with_own_working())  # type: ignore[assignment]


MODE = license_mode(
    "ordinary_license", "普通许可", "Ordinary license", "已达成普通许可",
    *(replace(step, payload=RecordConsent) for step in preparation.STEPS if step.event == "record_consent"),
)  # fmt: skip

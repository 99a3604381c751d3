"""Consents that only some modes ask for, beside those of every deal."""

from typing import Any, Literal

from pydantic import Field

from states import payloads
from states.payloads import Consent


def _offering(name: str, zh: str, en: str) -> Any:
    """Return the field of the shared payload with one more option."""
    shared = payloads.RecordConsent.model_fields["consent"].json_schema_extra
    shown: dict[str, Any] = dict(shared) if isinstance(shared, dict) else {}
    return Field(
        json_schema_extra={
            **shown,
            "options_zh": {**shown["options_zh"], name: zh},
            "options_en": {**shown["options_en"], name: en},
        }
    )


class WithOwnWorking(payloads.RecordConsent):
    """Somebody whose consent the law asks for has given it, or the grant counts as own working."""

    # Wider than the base: only what counts as an ordinary license counts as own working.
    consent: Literal[Consent, "own_working"] = _offering(  # type: ignore[assignment]
        "own_working", "视为许可人自行实施的确认", "counts as the licensor's own working"
    )


class WithLicensee(payloads.RecordConsent):
    """Somebody whose consent the law asks for has given it, the licensee of an earlier license among them."""

    consent: Literal[Consent, "licensee"] = _offering(  # type: ignore[assignment]
        "licensee", "在先独占、排他被许可人同意入池", "licensee of an earlier exclusive or sole license"
    )

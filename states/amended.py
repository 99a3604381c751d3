"""What the signed changes of a contract have left to do: the changes of its filing and of its registration."""

from states.facts import CaseData

SIGNED = "amendments"
FILING_CHANGE, REGISTRATION_CHANGE = CHANGE_DUTIES = ("filing_change", "registration_change")


def is_owed(data: CaseData, duty: str) -> bool:
    """Say whether a signed change has left a duty that is not recorded as done."""
    signed = data.items(SIGNED, "list")
    upto = (data.get("duties", duty) or {}).get("upto", 0)
    return any(duty in one["duties"] for one in signed[upto:])

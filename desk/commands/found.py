"""What the doctor found about one part."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. `needed` parts make the doctor fail; the others only warn."""

    name: str
    title_zh: str
    ok: bool
    needed: bool
    detail_zh: str
    detail_en: str
    remedy_zh: str = ""
    remedy_en: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form; a check that is fine has no remedy."""
        values = asdict(self)
        return {**values, "remedy_zh": "", "remedy_en": ""} if self.ok else values


def failed(name: str, title: str, zh: str, en: str) -> Check:
    """Return a needed part that does not work."""
    return Check(
        name, title, False, True, zh, en, "改正后重新运行panhuo doctor", "mend it and run the doctor again"
    )

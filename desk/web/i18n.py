"""Two languages on the screen: Chinese is written in the templates, English comes from one catalogue.

`Words` belongs to one request: call it with the Chinese text, and it answers in the reader's language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

CATALOGUE = Path(__file__).resolve().parents[2] / "templates" / "desk" / "locale" / "en.po"
LANGUAGES = ("zh", "en")


@cache
def english() -> Mapping[str, str]:
    """Return the English text of every Chinese text of the screens."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="en")
    return {str(message.id): str(message.string) for message in catalogue if message.id and message.string}


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one request. `language` is 'zh' or 'en'."""

    language: str = "zh"
    texts: Mapping[str, str] = field(default_factory=english)

    def __call__(self, text: str, **values: object) -> str:
        """Return a text in the reader's language, with `%(name)s` filled in."""
        chosen = self.texts.get(text, text) if self.language == "en" else text
        return chosen % values if values else chosen

    def pick(self, zh: str, en: str) -> str:
        """Choose between the two languages of a value that carries both."""
        return en or zh if self.language == "en" else zh

    @property
    def tag(self) -> str:
        """The language tag of the page."""
        return "en" if self.language == "en" else "zh-CN"


def known(language: str | None) -> str:
    """Return a language of the desk, Chinese unless English is asked for."""
    return language if language in LANGUAGES else "zh"

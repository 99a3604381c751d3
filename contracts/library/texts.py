"""A frozen set of clause texts: what one contract says, whatever the library says later.

A set holds the clauses of a contract and the parts that they take in, each with the variant and version it came
from. Its canonical JSON is what is kept beside a case; its SHA-256 stands in the case's data and its trail.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Any

STANDARD = "standard"
PRODUCT = "product"
SCHEMA = 1


class MissingText(LookupError):
    """A set has no text of this name."""


@dataclass(frozen=True, slots=True)
class OwnText:
    """The text of one clause for one case only, in plain form (see `contracts.articles`), and why it differs.

    `source_id` is the stored file that the text was taken from, or None. Who put it in, and when, the case tells.
    """

    text: str
    reason: str
    source_id: int | None = None


@dataclass(frozen=True, slots=True)
class ClauseText:
    """One text as a contract pins it.

    `id` is that of the clause, or the name of a part. `digest` is the SHA-256 of `text`, a template of the library;
    `origin` the layer that it comes from. `own` takes the place of `text` in this one case.
    """

    id: str
    variant: str
    version: int
    digest: str
    text: str
    origin: str = PRODUCT
    own: OwnText | None = None

    @property
    def edition(self) -> str:
        """Name variant and version: `standard@2`."""
        return f"{self.variant}@{self.version}"


@dataclass(frozen=True)
class ClauseSet:
    """The texts of one contract, by id."""

    texts: tuple[ClauseText, ...]

    @cached_property
    def by_id(self) -> Mapping[str, ClauseText]:
        """The texts by id."""
        return {text.id: text for text in self.texts}

    def of(self, id_: str) -> ClauseText:
        """Return one text.

        Raises: MissingText.
        """
        try:
            return self.by_id[id_]
        except KeyError:
            raise MissingText(f"the contract has no clause text '{id_}'") from None

    def with_texts(self, *changed: ClauseText) -> "ClauseSet":
        """Return the set with some texts changed or added."""
        return clause_set({**self.by_id, **{text.id: text for text in changed}}.values())

    def rewritten(self, id_: str, own: OwnText | None) -> "ClauseSet":
        """Return the set with the own text of one clause for this case; None goes back to the library's.

        Raises: MissingText.
        """
        return self.with_texts(replace(self.of(id_), own=own))

    @property
    def own(self) -> tuple[ClauseText, ...]:
        """The clauses that were rewritten for this case."""
        return tuple(text for text in self.texts if text.own is not None)

    @cached_property
    def as_text(self) -> str:
        """The canonical JSON of the set."""
        body = {"schema": SCHEMA, "texts": [asdict(text) for text in self.texts]}
        return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the canonical JSON."""
        return text_digest(self.as_text)

    def rows(self) -> dict[str, dict[str, Any]]:
        """Return per text what a case's data says of it: variant, version, start of the digest, and if it is its own."""
        return {
            text.id: {
                "variant": text.variant,
                "version": text.version,
                "digest": text_digest(text.own.text if text.own else text.text)[:16],
                **({"origin": text.origin} if text.origin != PRODUCT else {}),
                **({"own": {"reason": text.own.reason, "source_id": text.own.source_id}} if text.own else {}),
            }
            for text in self.texts
        }


def clause_set(texts: Iterable[ClauseText]) -> ClauseSet:
    """Return a set of texts, sorted by id, so that equal sets have equal digests."""
    return ClauseSet(tuple(sorted(texts, key=lambda text: text.id)))


def read_set(body: str) -> ClauseSet:
    """Read what `as_text` wrote.

    Raises: ValueError if it is of another schema.
    """
    stored = json.loads(body)
    if stored["schema"] != SCHEMA:
        raise ValueError(f"clause texts of schema {stored['schema']}, known is {SCHEMA}")
    return clause_set(
        ClauseText(**{**text, "own": OwnText(**text["own"]) if text["own"] else None})
        for text in stored["texts"]
    )


def text_digest(text: str) -> str:
    """Return the SHA-256 of a text."""
    return sha256(text.encode()).hexdigest()

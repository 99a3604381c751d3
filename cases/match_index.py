"""An inverted index of patents in memory, and the score of a demand's words against it.

In: the fields of every patent. Out: the patents that share something with a demand, the best first. BM25 over
weighted fields (BM25F) without a norm for length: titles are about equally long, and without the norm a word more in
common never lowers a score. Nothing here reads a database; `cases.matching` fills it and keeps it fresh.
"""

from array import array
from collections.abc import Iterable, Mapping
from heapq import nlargest
from math import log
from threading import RLock
from typing import NamedTuple

from cases.match_words import terms_of, weight_of

# Where a word stands, and how much it counts there.
FIELDS: Mapping[str, float] = {"title": 2.0, "scenario": 1.2, "patent_class": 1.0}
SATURATION = 1.2
# How much a demand makes of a term by where it says it; what stands in both counts twice.
QUERY_TITLE, QUERY_TEXT = 1.0, 1.0


class Entry(NamedTuple):
    """A patent as the index knows it."""

    id: int
    title: str
    scenario: str = ""
    patent_class: str = ""

    def texts(self) -> tuple[tuple[str, str, float], ...]:
        """Return each field: its name, its text and its weight."""
        return tuple((name, getattr(self, name), weight) for name, weight in FIELDS.items())


Query = Mapping[str, float]


def query_of(title: str, text: str) -> dict[str, float]:
    """Return what a demand asks for: each term and how much the demand makes of it."""
    found = dict.fromkeys(terms_of(text), QUERY_TEXT)
    for term in terms_of(title):
        found[term] = found.get(term, 0.0) + QUERY_TITLE
    return found


def impacts_of(entry: Entry) -> dict[str, float]:
    """Return how strongly each term of a patent counts, between 0 and 1: by the fields that it stands in."""
    found: dict[str, float] = {}
    for _, text, weight in entry.texts():
        if text:
            for term in terms_of(text):
                found[term] = found.get(term, 0.0) + weight
    return {term: (strength / (SATURATION + strength)) for term, strength in found.items()}


def rarity(patents: int, having: int) -> float:
    """Return how much a term tells, by how many of the patents have it."""
    return log(1 + (patents - having + 0.5) / (having + 0.5))


def score(query: Query, impacts: Mapping[str, float], rarities: Mapping[str, float]) -> float:
    """Return the score of one patent for one demand."""
    return sum(
        asked * weight_of(term) * rarities.get(term, 0.0) * impacts[term]
        for term, asked in query.items()
        if term in impacts
    )


class MatchIndex:
    """All patents of one organization. Fill it with `put`; `find` answers."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._lock = RLock()
        self.ids: list[int] = []
        self._places: dict[int, int] = {}
        self._terms: dict[int, tuple[str, ...]] = {}
        self._postings: dict[str, tuple[array[int], array[float]]] = {}
        for entry in entries:
            self.put(entry)

    def __len__(self) -> int:
        return len(self._places)

    def put(self, entry: Entry) -> None:
        """Take in a patent; one that is there already is taken anew. Searches of other threads wait."""
        impacts = impacts_of(entry)
        with self._lock:
            if entry.id in self._places:
                self._drop(entry.id)
            self._add(entry.id, impacts)

    def _add(self, patent_id: int, impacts: Mapping[str, float]) -> None:
        place = len(self.ids)
        self.ids.append(patent_id)
        self._places[patent_id] = place
        self._terms[patent_id] = tuple(impacts)
        for term, impact in impacts.items():
            posting = self._postings.get(term)
            if posting is None:
                posting = self._postings[term] = (array("l"), array("d"))
            posting[0].append(place)
            posting[1].append(impact)

    def _drop(self, patent_id: int) -> None:
        place = self._places.pop(patent_id)
        self.ids[place] = 0
        for term in self._terms.pop(patent_id):
            places, impacts = self._postings[term]
            at = places.index(place)
            del places[at], impacts[at]
            if not places:
                del self._postings[term]

    def rarities(self, query: Query) -> dict[str, float]:
        """Return how rare each term of a demand is here; a term that no patent has is left out."""
        patents, postings = len(self), self._postings
        found = {term: len(posting[0]) for term in query if (posting := postings.get(term)) is not None}
        return {term: rarity(patents, having) for term, having in found.items()}

    def find(self, query: Query, limit: int) -> list[tuple[int, float]]:
        """Return id and score of the best patents, equal scores by id."""
        with self._lock:
            return self._find(query, limit)

    def _find(self, query: Query, limit: int) -> list[tuple[int, float]]:
        totals = [0.0] * len(self.ids)
        for term, rare in self.rarities(query).items():
            places, impacts = self._postings[term]
            worth = query[term] * weight_of(term) * rare
            for place, impact in zip(places, impacts, strict=True):
                totals[place] += worth * impact
        ids = self.ids
        best = nlargest(
            limit, ((total, -ids[place]) for place, total in enumerate(totals) if total and ids[place])
        )
        return [(-minus, total) for total, minus in best]

    def best_possible(self, query: Query) -> float:
        """Return the score that a patent would have that says everything that the demand says, in every field."""
        top, known, unknown = sum(FIELDS.values()), self.rarities(query), rarity(len(self), 0)
        full = top / (SATURATION + top)
        return sum(asked * weight_of(term) * known.get(term, unknown) * full for term, asked in query.items())

"""Officers at work over HTTP: they walk cases, open new ones, upload, import, ask for papers and sweep the deadlines.

Whatever is not answered is asked again under the same key until there is an answer, as a careful client does. Each
officer keeps a log of what was acknowledged; afterwards the record is held against it.
"""

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

import httpx

from bench.durability.office import Office, Staff
from desk.story import Scene, story
from rules.identifiers import check_digit

PATIENCE = 240.0  # seconds for which one action is asked again before it counts as stuck
PAUSE = 0.15
WAIT = httpx.Timeout(45.0, connect=3.0)
MINIMAL_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R/Size 4>>\n%%EOF\n"
)
_NUMBERS = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Done:
    """An acknowledged action: what it was, under which key, by whom, and what the answer said."""

    what: str
    key: str
    user_id: int
    case_id: int
    about: str
    answer: dict[str, Any]


@dataclass
class Log:
    """What the officers were told. `faults` are answers that no client should ever get."""

    done: list[Done] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    asked_again: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, what: str) -> list[Done]:
        """Return what was acknowledged of one kind."""
        return [one for one in self.done if one.what == what]


@dataclass
class Officer:
    """One client with cases of its own, so that nobody else makes its page stale."""

    office: Office
    staff: Staff
    desks: Callable[[], Sequence[str]]
    log: Log
    stop: threading.Event
    dice: Random
    think: float
    full: float
    cases: list[int]
    name: str
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=WAIT))

    def work(self) -> None:
        """Walk case after case until told to stop."""
        for case_id in self.cases:
            if self.stop.is_set():
                break
            try:
                self._walk(case_id)
            except _Given as given:
                with self.log.lock:
                    self.log.faults.append(f"{self.name}: {given}")
        self.http.close()

    def _walk(self, case_id: int) -> None:
        whole = self.dice.random() < self.full
        version = 1
        for scene in story(self.office.opened_on, contract_no=f"CL-XK-{case_id}"):
            if self.stop.is_set() or (scene.event == "start_drafting" and not whole):
                return
            version = self._step(case_id, scene, version)
            if self.dice.random() < 0.5:
                self._something_else(case_id)
                version = self._version(case_id)
            time.sleep(self.dice.random() * 2 * self.think)

    def _step(self, case_id: int, scene: Scene, version: int) -> int:
        staff = self.office.who(scene.role, self.staff)
        body = {"payload": dict(scene.payload), "expected_version": version, "on": scene.on.isoformat()}
        path = f"/cases/{case_id}/steps/{scene.event}"
        if scene.event == "edit_terms":
            path = f"/cases/{case_id}/terms"
            body = {"terms": scene.payload["terms"], "expected_version": version}
        told = self._ask("step", staff, path, body, case_id, scene.event, put=scene.event == "edit_terms")
        return int(told["version"])

    def _something_else(self, case_id: int) -> None:
        """Do one of the other things of an officer's day."""
        other: Mapping[str, Callable[[], None]] = {
            "open": self._open,
            "upload": lambda: self._upload(case_id),
            "import": self._import,
            "document": lambda: self._document(case_id),
            "sweep": self._sweep,
            "bulk": lambda: self._bulk(case_id),
        }
        other[self.dice.choice(("open", "upload", "import", "document", "sweep", "bulk", "upload", "open"))]()

    def _open(self) -> None:
        title = f"新立案{next(_NUMBERS)}"
        body = {
            "mode": "exclusive_license", "title": title, "patent_ids": [self.dice.choice(self.office.patents)],
            "company_id": self.office.company_id,
        }  # fmt: skip
        self._ask("open", self.staff, "/cases", body, 0, title)

    def _document(self, case_id: int) -> None:
        self._ask(
            "document", self.staff, f"/cases/{case_id}/documents", {"kind": "approval_form"}, case_id, ""
        )

    def _bulk(self, case_id: int) -> None:
        body = {"kind": "approval_form", "case_ids": [case_id, self.cases[0]]}
        self._ask("bulk", self.staff, "/document-runs", body, 0, "")

    def _sweep(self) -> None:
        on = self.office.opened_on + timedelta(days=self.dice.randrange(200))
        self._ask(
            "sweep", self.office.others["administrator"], "/reminders/run", {"on": on.isoformat()}, 0, ""
        )

    def _upload(self, case_id: int) -> None:
        data = MINIMAL_PDF + f"% {self.name} {next(_NUMBERS)}\n".encode()
        files = {"file": ("凭证.pdf", data, "application/pdf")}
        self._ask(
            "upload", self.staff, f"/cases/{case_id}/files", {"kind": "evidence"}, case_id, "", files=files
        )

    def _import(self) -> None:
        start = next(_NUMBERS) * 100
        numbers = [f"20211{start + n:07d}" for n in range(30)]
        lines = ["申请号,专利名称,专利权人,申请日"]
        lines += [f"{n}{check_digit(n)},一种测试装置{n},沧澜理工大学,2021-05-06" for n in numbers]
        lines.append("bad,坏行,某某,2021-05-06")
        files = {"file": (f"清单{start}.csv", "\n".join(lines).encode("utf-8-sig"), "text/csv")}
        self._ask("import", self.staff, "/patents/import", {}, 0, numbers[0], files=files)

    def _version(self, case_id: int) -> int:
        return int(
            self._until(lambda base: self.http.get(f"{base}/cases/{case_id}", headers=self._head()), "look")[
                "version"
            ]
        )

    def _head(self, staff: Staff | None = None, key: str = "") -> dict[str, str]:
        head = {"Authorization": f"Bearer {(staff or self.staff).token}"}
        return {**head, "Idempotency-Key": key} if key else head

    def _ask(
        self, what: str, staff: Staff, path: str, body: dict[str, Any], case_id: int, about: str, *,
        put: bool = False, files: Any = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Ask under one key until there is an answer, and write it down."""
        key = f"{self.name}-{next(_NUMBERS)}"
        given: dict[str, Any] = {"data": body, "files": files} if files else {"json": body}
        method = "PUT" if put else "POST"
        told = self._until(
            lambda base: self.http.request(method, f"{base}{path}", headers=self._head(staff, key), **given),
            what,
        )
        with self.log.lock:
            self.log.done.append(Done(what, key, staff.person.id, case_id, about, told))
        return told

    def _until(self, send: Callable[[str], httpx.Response], what: str) -> dict[str, Any]:
        end = time.monotonic() + PATIENCE
        last = "no answer"
        for turn in itertools.count(self.dice.randrange(8)):
            desks = self.desks()
            try:
                answer = send(desks[turn % len(desks)])
            except httpx.TransportError as error:
                last = type(error).__name__
            else:
                if answer.status_code < 300:
                    return dict(answer.json())
                last = f"{answer.status_code} {answer.text[:300]}"
                if answer.status_code < 500 and "仍在处理" not in answer.text:
                    raise _Given(f"{what}: {last}")
            if time.monotonic() > end:
                raise _Given(f"{what}: not answered for {PATIENCE:.0f} s, last {last}")
            with self.log.lock:
                self.log.asked_again[last.split(" ")[0]] += 1
            time.sleep(PAUSE)
        raise AssertionError


class _Given(Exception):
    """An answer that no officer should get, or none for too long."""

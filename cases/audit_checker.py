"""Checks an audit archive by itself: `python3 -I check.py [ARCHIVE] [--lang zh|en]`, standard library only.

This file goes into every archive, and the product reads chains with the same functions. In: the zip, or the folder
it was unpacked into (the folder of this file unless one is named). Out: a report in Chinese and English; exit code 0
if everything holds, 1 if something does not, 2 if there is nothing to check. It writes nothing.

An entry's hash is sha256(hash of the entry before + body), both as UTF-8 text; the first entry follows the empty text.
"""

from __future__ import annotations

import json
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

FORMAT = "panhuo-audit"
VERSION = 1
CHUNK = 1024 * 1024
MANIFEST, TRAIL, CASES, DOCUMENTS, FILES = (
    "manifest.json",
    "trail.jsonl",
    "cases.jsonl",
    "documents.jsonl",
    "files/",
)
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)

Text = tuple[str, str]  # Chinese, English
Told = dict[str, Any]

# What a case's entries tell of it, by the name under which it is compared.
FIELDS: Mapping[str, Text] = {
    "number": ("案件编号", "number"),
    "mode": ("转化方式", "conversion mode"),
    "chart_version": ("流程版本", "version of the chart"),
    "title": ("案件名称", "title"),
    "company_id": ("相对方", "company"),
    "opened_on": ("立案日期", "opening day"),
    "officer_id": ("承办人", "officer"),
    "patents": ("所涉专利", "patents"),
    "position": ("所处环节", "position"),
    "stage": ("阶段", "stage"),
    "closed_on": ("结案日期", "closing day"),
    "data": ("办理数据", "data"),
    "terms": ("商务条款", "terms"),
    "hashes": ("条款哈希值", "hashes of the terms"),
    "version": ("版本", "version"),
}
GAP = ("缺少记录", "an entry is missing")
UNLINKED = ("与前一条记录不衔接", "does not link to the entry before")
ALTERED = ("内容与哈希值不符，记录被改动", "the body does not match its hash")
BESIDE = ("列值与正文不符，记录被改动", "the columns do not match the body")
GARBLED = ("正文无法读取，记录被改动", "the body cannot be read")
OTHER_START = ("所载办理前的环节与此前记录不符", "does not start where the entries before it lead")
OTHER_BEFORE = ("所载变更前的内容与此前记录不符", "what it says was there before is not what was there")
TAIL = ("链尾与登记的末端不符，可能被截断", "the tail does not match the head")
ALL_GONE = ("记录全部缺失", "all entries are missing")
NO_OWNER = ("该链所属案件或单位已不存在", "the chain's owner is gone")


def link(previous: str, body: str) -> str:
    """Return the hash that chains a body to what came before."""
    return sha256((previous + body).encode()).hexdigest()


def plain(value: object) -> str:
    """Return the one JSON text of a value: sorted keys, no blanks."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def retell(told: Told, body: Mapping[str, Any]) -> Text | None:
    """Fold one entry into what a case's entries tell; return what contradicts the entries before it."""
    if body.get("from", told.get("position")) != told.get("position"):
        return OTHER_START
    data = told.get("data", {})
    if any(data.get(section) != was for section, was in body.get("before", {}).items()):
        return OTHER_BEFORE
    if body["verb"] == "open_case":
        told.update(
            opened_on=body["today"],
            officer_id=body.get("officer_id", body["actor_id"]),
            patents=body["patents"],
            terms={},
            hashes={},
        )
    told.update(
        {
            name: body[name]
            for name in ("number", "mode", "chart_version", "title", "company_id", "stage", "closed_on")
            if name in body
        }
    )
    changed = {**data, **body["facts"]}
    told["position"], told["version"] = body["to"], body["seq"]
    told["data"] = data = {section: values for section, values in changed.items() if values is not None}
    told["terms"] = body.get("payload", {}).get("terms", told["terms"])
    told["hashes"] = body.get("hashes", told["hashes"])
    told["patents"] = sorted(data.get("patents", {}).get("ids", told["patents"]))
    handed = data.get("officers", {}).get("list")
    told["officer_id"] = handed[-1]["to_id"] if handed else told["officer_id"]
    return None


def differing(told: Told, stored: Told) -> Text | None:
    """Return the first field in which a stored case is not what its entries tell; what they do not tell is left out."""
    for name, (zh, en) in FIELDS.items():
        if name not in told or told[name] == stored[name]:
            continue
        inside = ""
        if isinstance(told[name], dict):
            keys = sorted({*told[name], *stored[name]})
            inside = f".{next(key for key in keys if told[name].get(key) != stored[name].get(key))}"
        return (
            f"案件现状与记录推演的结果不符：{zh}（{name}{inside}）被改动",
            f"the stored case is not what the entries lead to: {en} ({name}{inside})",
        )
    return None


@dataclass
class Chain:
    """A chain as far as it has been read: its end, and what its entries tell of the case."""

    seq: int = 0
    head: str = ""
    told: Told = field(default_factory=dict)

    def take(
        self, seq: int, prev: str, text: str, digest: str, agrees: Callable[[Told], bool], *, of_case: bool
    ) -> tuple[int, Text] | None:
        """Read one more entry; return where and why the chain breaks, if it does.

        `agrees` says whether what stands beside the body tells the same.
        """
        if seq != self.seq + 1:
            return self.seq + 1, GAP
        if prev != self.head:
            return seq, UNLINKED
        if link(prev, text) != digest:
            return seq, ALTERED
        try:
            body = json.loads(text)
            fault = BESIDE if not agrees(body) else retell(self.told, body) if of_case else None
        except UNREADABLE:
            fault = GARBLED
        if fault:
            return seq, fault
        self.seq, self.head = seq, digest
        return None


@dataclass(frozen=True)
class Finding:
    """Something that does not hold: the place in the archive, and the chain and entry where they are known."""

    place: str
    what: Text
    chain: str = ""
    seq: int = 0

    def line(self, language: str) -> str:
        """Return the finding as one line."""
        zh, en = self.what
        entry_zh = f" {self.chain} 第{self.seq}条" if self.chain else ""
        entry_en = f" {self.chain} entry {self.seq}" if self.chain else ""
        told = {"zh": f"{self.place}{entry_zh}：{zh}", "en": f"{self.place}{entry_en}: {en}"}
        return told.get(language) or f"{told['zh']} | {told['en']}"


@dataclass
class Report:
    """What a check found. `manifest_hash` is to be compared with the one that was told when the archive was made."""

    manifest: Told = field(default_factory=dict)
    manifest_hash: str = ""
    entries: int = 0
    chains: int = 0
    cases: int = 0
    documents: int = 0
    files: int = 0
    findings: list[Finding] = field(default_factory=list)

    def say(self, place: str, what: Text, chain: str = "", seq: int = 0) -> None:
        """Add a finding."""
        self.findings.append(Finding(place, what, chain, seq))


class Archive:
    """A zip or a folder with the parts of an archive."""

    def __init__(self, path: Path) -> None:
        self.root = path
        self.zip = None if path.is_dir() else zipfile.ZipFile(path)

    def names(self) -> set[str]:
        """Return the names of all parts."""
        if self.zip:
            return {name for name in self.zip.namelist() if not name.endswith("/")}
        return {path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file()}

    def open(self, name: str) -> IO[bytes]:
        """Open a part for reading."""
        return self.zip.open(name) if self.zip else (self.root / name).open("rb")

    def digest(self, name: str) -> str:
        """Return the SHA-256 of a part."""
        found = sha256()
        with self.open(name) as part:
            while chunk := part.read(CHUNK):
                found.update(chunk)
        return found.hexdigest()

    def lines(self, name: str) -> Iterator[tuple[str, bytes]]:
        """Yield the lines of a part, each with its place."""
        with self.open(name) as part:
            for number, line in enumerate(part, 1):
                yield f"{name}:{number}", line


def check(path: Path) -> Report:
    """Check an archive through and return what was found.

    Raises: OSError or zipfile.BadZipFile if there is nothing that can be read.
    """
    report, archive = Report(), Archive(path)
    names = archive.names()
    _manifest(archive, names, report)
    if not report.manifest:
        return report
    _parts(archive, names, report)
    stored = _cases(archive, report) if CASES in names else {}
    if TRAIL in names:
        _trail(archive, names, stored, report)
    if DOCUMENTS in names:
        _documents(archive, names, report)
    return report


def _manifest(archive: Archive, names: set[str], report: Report) -> None:
    if MANIFEST not in names:
        report.say(MANIFEST, ("缺少清单，不是审计导出文件", "no manifest: this is no audit archive"))
        return
    with archive.open(MANIFEST) as part:
        raw = part.read()
    report.manifest_hash = sha256(raw).hexdigest()
    try:
        manifest = json.loads(raw)
        seal = manifest.pop("seal")
        whole = plain(manifest)
        canonical = plain({**manifest, "seal": seal}).encode() == raw.rstrip(b"\n") and raw.endswith(b"}\n")
        if (manifest["format"], manifest["version"]) != (FORMAT, VERSION):
            report.say(MANIFEST, ("格式或版本不受支持", "another format or version"))
        if not canonical or sha256(whole.encode()).hexdigest() != seal:
            report.say(
                MANIFEST,
                ("清单内容与其封印（seal）不符，清单被改动", "the manifest does not match its own seal"),
            )
        manifest["parts"].items(), manifest["organization"]["id"], manifest["scope"]
    except UNREADABLE:
        report.say(MANIFEST, ("清单无法读取，清单被改动", "the manifest cannot be read"))
        return
    report.manifest = manifest


def _parts(archive: Archive, names: set[str], report: Report) -> None:
    """Compare every part with the manifest; in a folder, other files beside them are nobody's concern."""
    parts = report.manifest["parts"]
    for name, expected in sorted(parts.items()):
        if name not in names:
            report.say(name, ("缺少该文件", "the file is missing"))
        elif archive.digest(name) != expected:
            report.say(
                name, ("与清单登记的哈希值不符，文件被改动", "does not match the hash in the manifest")
            )
    if archive.zip:
        for name in sorted(names - set(parts) - {MANIFEST}):
            report.say(name, ("清单中没有该文件", "the manifest does not know this file"))


def _row(line: bytes) -> Told:
    """Read one line.

    Raises: ValueError unless the line is the one JSON text of an object.
    """
    row = json.loads(line)
    if not isinstance(row, dict) or (plain(row) + "\n").encode() != line:
        raise ValueError("not the one text of this value")
    return row


def _rows(archive: Archive, name: str, report: Report) -> Iterator[tuple[str, Told]]:
    for place, line in archive.lines(name):
        try:
            row = _row(line)
        except UNREADABLE:
            report.say(place, ("该行无法读取，内容被改动", "the line cannot be read"))
            continue
        yield place, row


def _cases(archive: Archive, report: Report) -> dict[str, tuple[str, Told]]:
    """Return, by chain, the place and the stored case."""
    found = {}
    for place, row in _rows(archive, CASES, report):
        if {"id", "trail_seq", "trail_head", *FIELDS} <= set(row):
            found[f"case:{row['id']}"] = place, row
            report.cases += 1
        else:
            report.say(place, ("该行缺少栏目", "fields are missing from the line"))
    return found


def _trail(archive: Archive, names: set[str], stored: Mapping[str, tuple[str, Told]], report: Report) -> None:
    ends: dict[str, tuple[int, str]] = {
        chain: (row["trail_seq"], row["trail_head"]) for chain, (_, row) in stored.items()
    }
    org = report.manifest["organization"]
    if report.manifest["scope"] == "all":
        ends[f"org:{org['id']}"] = org["trail_seq"], org["trail_head"]
    chains: dict[str, Chain] = {}
    broken: set[str] = set()
    for place, row in _rows(archive, TRAIL, report):
        report.entries += 1
        flaw = _taken(row, ends, chains, broken)
        if flaw:
            name, seq, what = flaw
            report.say(place, what, name, seq)
            broken.add(name)
    report.chains = len(ends)
    for name, (seq, head) in ends.items():
        chain = chains.get(name, Chain())
        if name not in broken and (chain.seq, chain.head) != (seq, head):
            report.say(TRAIL, TAIL if chain.seq else ALL_GONE, name, chain.seq + 1)
        elif name not in broken and name in stored:
            place, row = stored[name]
            differs = differing(chain.told, row)
            report.findings.extend([Finding(place, differs, name, chain.seq)] if differs else [])
            for told in chain.told.get("data", {}).get("files", {}).get("list", []):
                _stored(archive, names, report, TRAIL, str(told.get("sha256", "")), name)


def _taken(
    row: Told, ends: Mapping[str, object], chains: dict[str, Chain], broken: set[str]
) -> tuple[str, int, Text] | None:
    """Take one line of the trail; return chain, entry and what is wrong with it."""
    try:
        name, seq = str(row["chain"]), int(row["seq"])
        if name not in ends:
            return name, seq, NO_OWNER
        if name in broken:
            return None
        chain = chains.setdefault(name, Chain())
        fault = chain.take(
            seq, row["prev"], row["body"], row["hash"], lambda body: bool(body["seq"] == seq),
            of_case=name.startswith("case:"),
        )  # fmt: skip
    except UNREADABLE:
        return str(row.get("chain", "?")), 0, ("该行缺少栏目", "fields are missing from the line")
    return (name, *fault) if fault else None


def _documents(archive: Archive, names: set[str], report: Report) -> None:
    """Check the files of documents as far as they are there; they may also have been put in afterwards."""
    for place, row in _rows(archive, DOCUMENTS, report):
        report.documents += 1
        _stored(archive, names, report, place, str(row.get("sha256", "")))


def _stored(
    archive: Archive, names: set[str], report: Report, place: str, digest: str, chain: str = ""
) -> None:
    """Compare a file, if it is there, with the hash under which it is known."""
    listed: Mapping[str, str] = report.manifest["parts"]
    name = f"{FILES}{digest}"
    if not digest or name not in names:
        return
    report.files += 1
    if name not in listed and archive.digest(name) != digest:
        report.say(
            place,
            (f"文件{name}与登记的哈希值不符", f"the file {name} does not match its hash"),
            chain,
        )
    elif name in listed and listed[name] != digest:
        report.say(place, (f"登记的哈希值与{name}不符", f"the listed hash is not that of {name}"), chain)


def told_in(report: Report, language: str) -> str:
    """Return the report as text; `language` is zh, en, or anything else for both."""
    org, made = report.manifest.get("organization", {}), report.manifest.get("exported_at", "?")
    name, scope = org.get("name", "?"), report.manifest.get("scope", "?")
    count = len(report.findings)
    zh = [
        f"单位：{name}　范围：{scope}　导出时间：{made}",
        f"清单哈希值：{report.manifest_hash or '—'}（请与导出时显示的数值比对）",
        f"核验：{report.chains}条链、{report.entries}条记录、{report.cases}个案件、{report.documents}份文书（{report.files}份有文件）",
        f"结论：发现{count}处问题" if count else "结论：记录完整，案件现状与记录推演一致",
    ]
    en = [
        f"Institution: {name}   scope: {scope}   made: {made}",
        f"Hash of the manifest: {report.manifest_hash or '-'} (compare with the one shown when the archive was made)",
        f"Checked: {report.chains} chains, {report.entries} entries, {report.cases} cases, {report.documents} documents, "
        f"{report.files} of them with their file",
        f"Result: {count} findings" if count else "Result: intact; every case is what its entries lead to",
    ]
    head = {"zh": zh, "en": en}.get(language, [*zh, *en])
    return "\n".join([*head, *(f"  · {finding.line(language)}" for finding in report.findings)]) + "\n"


def main(arguments: list[str]) -> int:
    """Check the archive that the arguments name, print the report and return the exit code."""
    language = "both"
    if "--lang" in arguments:
        at = arguments.index("--lang")
        language = arguments[at + 1] if at + 1 < len(arguments) else language
        arguments = arguments[:at] + arguments[at + 2 :]
    path = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        report = check(path)
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        sys.stdout.write(f"无法读取{path}：{error} | cannot read {path}: {error}\n")
        return 2
    sys.stdout.write(told_in(report, language))
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

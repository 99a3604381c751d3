"""An independent check of an iCalendar stream by the rules of RFC 5545; it shares nothing with what wrote the stream."""

import re

NAME = re.compile(r"^[A-Za-z0-9-]+$")
ONCE = (
    "UID",
    "DTSTAMP",
    "DTSTART",
    "DTEND",
    "SUMMARY",
    "DESCRIPTION",
    "URL",
    "SEQUENCE",
    "STATUS",
    "TRANSP",
    "LAST-MODIFIED",
)
NEEDED = {
    "VCALENDAR": ("PRODID", "VERSION"),
    "VEVENT": ("UID", "DTSTAMP", "DTSTART"),
    "VALARM": ("ACTION", "TRIGGER", "DESCRIPTION"),
}
STAMP = re.compile(r"^\d{8}T\d{6}Z$")  # 3.3.5, form 2
DAY = re.compile(r"^\d{8}$")  # 3.3.4
DURATION = re.compile(
    r"^[+-]?P(?:\d+W|\d+D(?:T(?:\d+H)?(?:\d+M)?(?:\d+S)?)?|T(?:\d+H)?(?:\d+M)?(?:\d+S)?)$"
)  # 3.3.6
TEXTS = ("SUMMARY", "DESCRIPTION")
ESCAPE = re.compile(r"\\[\\;,nN]")  # 3.3.11


def faults(data: bytes) -> list[str]:
    """Return what is wrong with a stream; nothing if it keeps the rules."""
    found = [f"3.1: a line of {len(line)} octets" for line in data.split(b"\r\n") if len(line) > 75]
    if not data.endswith(b"\r\n"):
        found.append("3.1: the last line does not end in CRLF")
    if re.search(rb"(?<!\r)\n|\r(?!\n)", data):
        found.append("3.1: a bare CR or LF")
    for line in data.split(b"\r\n"):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            found.append("3.1: a character is split by folding")
    text = data.replace(b"\r\n ", b"").replace(b"\r\n\t", b"").decode("utf-8", "replace")
    lines = text.split("\r\n")[:-1]
    if re.search("[\x00-\x08\x0a-\x1f\x7f]", "".join(lines)):
        found.append("3.1: a control character")
    return found + _structure(lines)


def _structure(lines: list[str]) -> list[str]:
    found: list[str] = []
    stack: list[str] = []
    properties: list[list[tuple[str, str, str]]] = []
    uids: set[str] = set()
    for line in lines:
        head, colon, value = _split(line)
        name = head.partition(";")[0].upper()
        if not colon or not NAME.match(name):
            found.append(f"3.1: not a content line: {line[:40]!r}")
        elif name == "BEGIN":
            stack.append(value.upper())
            properties.append([])
        elif name == "END":
            if not stack or stack.pop() != value.upper():
                found.append(f"3.6: END:{value} closes nothing")
                continue
            own = properties.pop()
            found += _component(value.upper(), own)
            uids_of = [v for n, _, v in own if n == "UID"] if value.upper() == "VEVENT" else []
            found += [f"3.8.4.7: {uid} stands twice" for uid in uids_of if uid in uids]
            uids.update(uids_of)
        elif not stack:
            found.append(f"3.4: {name} stands outside")
        else:
            properties[-1].append((name, head, value))
    if stack:
        found.append(f"3.6: {stack} is not closed")
    return found


def _split(line: str) -> tuple[str, str, str]:
    """Split a content line at the first colon that is not quoted."""
    quoted = False
    for place, char in enumerate(line):
        quoted ^= char == '"'
        if char == ":" and not quoted:
            return line[:place], ":", line[place + 1 :]
    return line, "", ""


def _component(kind: str, own: list[tuple[str, str, str]]) -> list[str]:
    names = [name for name, _, _ in own]
    found = [
        f"3.6.1: {name} stands {names.count(name)} times in {kind}" for name in ONCE if names.count(name) > 1
    ]
    found += [f"3.6: {kind} has no {name}" for name in NEEDED.get(kind, ()) if name not in names]
    for name, head, value in own:
        rest = ESCAPE.sub("", value) if name in TEXTS else ""
        if "\\" in rest:
            found.append(f"3.3.11: a wrong escape in {name}")
        if ";" in rest or "," in rest:
            found.append(f"3.3.11: {name} has a separator that is not escaped")
        if name in ("DTSTAMP", "LAST-MODIFIED") and not STAMP.match(value):
            found.append(f"3.8.7: {name} is not in UTC")
        if name in ("DTSTART", "DTEND") and not ("VALUE=DATE" in head.upper() and DAY.match(value)):
            found.append(f"3.3.4: {name} is no date")
        if name == "TRIGGER" and not DURATION.match(value):
            found.append(f"3.3.6: {value} is no duration")
        if name == "SEQUENCE" and not value.isdigit():
            found.append("3.8.7.4: SEQUENCE is no number")
        if name == "STATUS" and value not in ("TENTATIVE", "CONFIRMED", "CANCELLED"):
            found.append("3.8.1.11: no such STATUS")
    return found

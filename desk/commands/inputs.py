"""Reads what a command is given: `--set key=value`, `--payload JSON`, `@file`, and steps to suppose."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from desk.commands.console import UsageProblem, clean

LARGEST_FILE = 1024 * 1024


def payload_of(pairs: Sequence[str], text: str) -> dict[str, Any]:
    """Return a step's payload: the JSON object of `text`, then `key=value` pairs over it.

    `terms.entry_fee_fen=120万元` goes into the object `terms` under `entry_fee_fen`.

    Raises: UsageProblem.
    """
    payload: dict[str, Any] = dict(json_object(text)) if text else {}
    for pair in pairs:
        name, separator, value = clean(pair).partition("=")
        if not separator or not name.strip():
            raise UsageProblem(f"“{pair}”不是 字段=值 的形式", f"'{pair}' is not key=value")
        head, _, rest = name.strip().partition(".")
        if rest:
            inner = payload.setdefault(head, {})
            if not isinstance(inner, dict):
                raise UsageProblem(f"“{head}”已有取值，不能再设“{name}”", f"'{head}' has a value already")
            inner[rest] = value
        else:
            payload[head] = value
    return payload


def json_object(text: str) -> Mapping[str, Any]:
    """Return the JSON object of a text, or of a file named as `@file` (`@-` is standard input).

    Raises: UsageProblem.
    """
    found = json_value(text)
    if not isinstance(found, dict):
        raise UsageProblem(
            '--payload 须为JSON对象，例如 {"checked_on": "2026-03-01"}', "the payload is no JSON object"
        )
    return found


def json_list(text: str) -> Sequence[Any]:
    """Return the JSON list of a text or `@file`.

    Raises: UsageProblem.
    """
    found = json_value(text)
    if not isinstance(found, list):
        raise UsageProblem('--steps 须为JSON列表，例如 [{"event": "clear_title"}]', "--steps is no JSON list")
    return found


def json_value(text: str) -> Any:
    """Read JSON from a text, a file or standard input.

    Raises: UsageProblem.
    """
    source = text_of(text[1:]) if text.startswith("@") else clean(text)
    try:
        value = json.loads(source)
    except (ValueError, RecursionError) as error:
        raise UsageProblem(f"不是有效的JSON：{error}", f"not JSON: {error}") from error
    _check_keepable(value)
    return value


def text_of(name: str) -> str:
    """Return the text of a file in UTF-8, at most 1 MB; `-` is standard input.

    Raises: UsageProblem.
    """
    try:
        if name == "-":
            return sys.stdin.read(LARGEST_FILE)
        path = Path(name)
        if path.stat().st_size > LARGEST_FILE:
            raise UsageProblem(f"文件{name}超过1MB", f"{name} is larger than 1 MB")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageProblem(f"文件{name}无法读取：{reason}", f"cannot read {name}: {reason}") from error
    except UnicodeDecodeError as error:
        raise UsageProblem(f"文件{name}不是UTF-8编码", f"{name} is not UTF-8") from error


def _check_keepable(value: Any) -> None:
    if isinstance(value, str):
        clean(value)
    elif isinstance(value, dict):
        for name, inner in value.items():
            clean(name)
            _check_keepable(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_keepable(inner)
    elif isinstance(value, int | float) and not abs(value) <= 2**53:
        raise UsageProblem(f"数字过大：{value}", f"number too large: {value}")

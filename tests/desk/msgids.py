"""Every Chinese text of the screens, found where it stands: templates, Python, and the tables that forms come from."""

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir

from cases.patent_fees import LABELS as FEE_LABELS
from contracts.fields import FormField, form_fields
from contracts.modes import MODES as CONTRACTS
from desk.web import failures, timeline
from desk.web.pages import admin, companies, enterprises, experts, my, stocktakes
from exchange.patent_fields import FIELDS
from states.catalog import MODES

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {"_": None, "words": None}


def written() -> Iterator[str]:
    """Yield the texts that stand in a call."""
    for folder, method in (
        (ROOT / "templates" / "desk", "jinja2.ext:babel_extract"),
        (ROOT / "desk" / "web", "python"),
    ):
        pattern = "**.html" if method != "python" else "**.py"
        for _file, _line, text, _comments, _context in extract_from_dir(
            folder, [(pattern, method)], {pattern: {"silent": "false"}}, keywords=KEYWORDS
        ):
            yield text if isinstance(text, str) else text[0]


def listed() -> Iterator[str]:
    """Yield the texts that stand in tables."""
    for status_texts in failures.TEXTS.values():
        yield from status_texts
    yield from (*failures.TITLES.values(), failures.CSRF, failures.PACK_FAULT, failures.TOO_LARGE)
    yield from timeline.ORG_FACTS.values()
    yield from FEE_LABELS.values()
    for table in (
        companies.FIELDS,
        admin.ORGANIZATION_FIELDS,
        stocktakes.FORM,
        stocktakes.CONTACT,
        my.PASSWORDS,
        enterprises.FIELDS,
        experts.FIELDS,
    ):
        yield from (row[1] for row in table)
    yield from (field.label for field in FIELDS.values())
    for mode in MODES.values():
        for step in mode.steps.values():
            for info in step.payload.model_fields.values():
                meta = info.json_schema_extra
                if isinstance(meta, dict) and meta["help_zh"] and not meta["help_en"]:
                    yield str(meta["help_zh"])
    for contract in CONTRACTS.values():
        for field in form_fields(contract.terms):
            yield from _of_field(field)


def _of_field(field: FormField) -> Iterator[str]:
    yield from filter(None, (field.help_zh, field.unit))
    for column in field.columns:
        yield from _of_field(column)


def invalid_texts() -> Iterator[str]:
    """Yield the literal reasons that this door itself raises beside a field."""
    for path in (ROOT / "desk" / "web" / "pages").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Dict):
                for value in node.values:
                    if (
                        isinstance(value, ast.Constant)
                        and isinstance(value.value, str)
                        and _is_chinese(value.value)
                    ):
                        yield value.value


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def every() -> list[str]:
    """Return all texts, each once, in the order found."""
    found = [*written(), *listed(), *invalid_texts()]
    return list(dict.fromkeys(text for text in found if _is_chinese(text)))

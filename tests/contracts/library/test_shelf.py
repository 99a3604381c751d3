"""The library: every text is registered as it stands, earlier versions stay readable, layers go over one another."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from contracts.documents import content_hash, contract_text
from contracts.library.choosing import clauses_of, places_of
from contracts.library.entries import TABLE
from contracts.library.shelf import LibraryFault, UnknownClause, load, product_library, read
from contracts.library.texts import OwnText, read_set, text_digest
from contracts.modes import MODES
from tests.contracts.samples import view

PLACES = places_of(MODES["exclusive_license"])
ROW = '[{name}]\nbasis = ["民法典577"]\nversions = [\n{rows}\n]\n'


def test_every_text_is_registered_with_the_digest_that_it_has() -> None:
    """A text that was edited: `python -m contracts.library.registering`, or a new version (see there)."""
    assert [f"{fault.file.parent.name}/{fault.file.name}: {fault.zh}" for fault in read()[1]] == []


def _house(home: Path, **texts: str) -> Path:
    """An institution's folder with texts of licenses, each with a row of its own."""
    folder = home / "own" / "license"
    folder.mkdir(parents=True)
    rows = []
    for stem, text in texts.items():
        (folder / f"{stem}.txt").write_text(text, encoding="utf-8")
        rows.append(
            ROW.format(
                name=stem,
                rows=f'{{ n = 1, on = 2026-12-01, reason = "本单位文本", sha256 = "{text_digest(text)}" }}',
            )
        )
    (folder / TABLE).write_text("\n".join(rows), encoding="utf-8")
    return home / "own"


def test_layer_takes_the_place_of_a_text_and_leaves_the_others(tmp_path: Path) -> None:
    library = load(_house(tmp_path, upkeep="许可人维持专利有效。"))
    assert library.text(PLACES, "upkeep").text == "许可人维持专利有效。"
    assert library.text(PLACES, "upkeep").origin == "own"
    assert library.text(PLACES, "warranty") == product_library().text(PLACES, "warranty")


def test_layer_adds_a_variant_beside_the_product_text(tmp_path: Path) -> None:
    house = _house(tmp_path)
    (house / "license" / "upkeep-short.txt").write_text("许可人维持专利有效。", encoding="utf-8")
    row = """
    [upkeep.variants.short]
    zh = "简式"
    en = "short"
    basis = ["民法典577"]
    versions = [{ n = 1, on = 2026-12-01, reason = "本单位文本" }]
    """
    (house / "license" / TABLE).write_text(row, encoding="utf-8")
    library = load(house)
    assert {"standard", "short"} <= set(library.variants(PLACES, "upkeep"))
    assert library.text(PLACES, "upkeep", "short").text == "许可人维持专利有效。"
    assert library.text(PLACES, "upkeep") == product_library().text(PLACES, "upkeep")


def test_part_of_a_layer_is_taken_in_by_its_text(tmp_path: Path) -> None:
    library = load(_house(tmp_path, upkeep='{% include part("own_part") %}', own_part="维持有效。"))
    texts = clauses_of(MODES["exclusive_license"], library)
    assert (texts.of("own_part").origin, texts.of("own_part").text) == ("own", "维持有效。")


def test_earlier_versions_stay_readable_beside_the_newest(tmp_path: Path) -> None:
    house = _house(tmp_path, upkeep="新文本。")
    (house / "license" / "upkeep@1.txt").write_text("旧文本。", encoding="utf-8")
    rows = '{ n = 1, on = 2026-12-01, reason = "初版" },\n{ n = 2, on = 2027-01-04, reason = "依照新规定" },'
    (house / "license" / TABLE).write_text(ROW.format(name="upkeep", rows=rows), encoding="utf-8")
    variant = load(house).variant(PLACES, "upkeep")
    told = [(e.version, e.on, e.reason, e.text) for e in variant.editions]
    assert told == [
        (1, date(2026, 12, 1), "初版", "旧文本。"),
        (2, date(2027, 1, 4), "依照新规定", "新文本。"),
    ]
    assert variant.edition(3) is None


FAULTY: tuple[tuple[str, dict[str, str], str, str], ...] = (
    ("no row", {"upkeep": "甲。"}, "", "文本“upkeep.txt”没有在clauses.toml中登记"),
    ("no text", {}, ROW.format(name="upkeep", rows='{ n = 1, on = 2026-12-01, reason = "初版" }'), "没有文本“upkeep.txt”"),
    ("no old text", {"upkeep": "甲。"}, ROW.format(
        name="upkeep", rows='{ n = 1, on = 2026-12-01, reason = "初版" }, { n = 2, on = 2026-12-02, reason = "改版" }'
    ), "登记了第1版，但没有文本“upkeep@1.txt”"),
    ("changed", {"upkeep": "甲。"}, ROW.format(
        name="upkeep", rows=f'{{ n = 1, on = 2026-12-01, reason = "初版", sha256 = "{"0" * 64}" }}'
    ), "文本与登记的第1版不一致"),
    ("order", {"upkeep": "甲。"}, ROW.format(
        name="upkeep", rows='{ n = 2, on = 2026-12-01, reason = "初版" }, { n = 1, on = 2026-12-01, reason = "初版" }'
    ), "版本号应从小到大排列"),
    ("no TOML", {"upkeep": "甲。"}, "[upkeep\n", "登记表不能读取"),
    ("odd key", {"upkeep": "甲。"}, '[upkeep]\nbases = ["民法典"]\n', "bases"),
    ("odd name", {}, '[Upkeep]\nbasis = ["民法典"]\n', "只用小写字母和下划线"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("texts", "table", "told"), [row[1:] for row in FAULTY], ids=[row[0] for row in FAULTY]
)
def test_library_that_is_not_in_order_is_not_loaded(
    tmp_path: Path, texts: dict[str, str], table: str, told: str
) -> None:
    house = _house(tmp_path, **texts)
    (house / "license" / TABLE).write_text(table, encoding="utf-8")
    with pytest.raises(LibraryFault, match=told):
        load(house)


def test_unknown_clause_and_variant_are_named() -> None:
    with pytest.raises(UnknownClause, match="nothing"):
        product_library().text(PLACES, "nothing")
    with pytest.raises(UnknownClause, match="breach-golden"):
        product_library().text(PLACES, "breach", "golden")


@pytest.mark.parametrize("mode", MODES)
def test_set_of_a_mode_reads_back_as_it_was(mode: str) -> None:
    texts = clauses_of(MODES[mode])
    assert {clause.id for clause in MODES[mode].clauses} <= set(texts.by_id)
    first = MODES[mode].clauses[0].id
    changed = texts.rewritten(first, OwnText("鉴于双方已经协商。", "对方提出", 7))
    for made in (texts, changed):
        assert read_set(made.as_text) == made
        assert read_set(made.as_text).digest == made.digest
    assert changed.digest != texts.digest
    assert changed.rewritten(first, None) == texts


def test_pinned_contract_has_the_same_hash_whatever_the_library_says(tmp_path: Path) -> None:
    """Bytes follow the hash: it runs over the pinned texts, not over those of today."""
    later = clauses_of(MODES["exclusive_license"], load(_house(tmp_path, upkeep="许可人维持专利有效。")))
    pinned = replace(view(), clauses=clauses_of(MODES["exclusive_license"]))
    changed = replace(view(), clauses=later)
    assert contract_text(pinned) == contract_text(view())
    assert "许可人维持专利有效。" in contract_text(changed)
    assert content_hash("contract", pinned) != content_hash("contract", changed)


def test_newer_edition_of_a_pinned_text_is_told_with_its_reason(tmp_path: Path) -> None:
    library = load(_house(tmp_path, upkeep="许可人维持专利有效。"))
    pinned = product_library().text(PLACES, "upkeep")
    found = library.newer(PLACES, pinned)
    assert found is not None
    assert (found.version, found.reason) == (1, "本单位文本")
    assert library.newer(PLACES, product_library().text(PLACES, "warranty")) is None

"""What each rule is about, and which conversion modes it can meet.

In: the id of a rule. Out: its subject, so that a case, a patent or a calculator can show every rule that
concerns it. The subject follows from the letters before the number; a test holds every rule to this table.
"""

import re
from dataclasses import dataclass
from datetime import date

from rules.gate_table import LICENSES
from rules.packs import RuleBook
from rules.rule import Rule

MODES = ("transfer", "equity", *LICENSES, "open_license", "patent_pool", "development")
_GRANTS = (*LICENSES, "open_license", "patent_pool")
_LETTERS = re.compile(r"^(?:TT-)?([A-Z]+(?:\d+)?)(?:-|$)")


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject of the rulebook. `modes` are the conversion modes it concerns; none if it is about patents."""

    key: str
    zh: str
    en: str
    letters: tuple[str, ...]
    modes: tuple[str, ...]


SUBJECTS: tuple[Subject, ...] = (
    Subject("title", "权属、共有与发明人", "Ownership, co-owners, inventors", ("O", "INVENTOR"), MODES),
    Subject(
        "decision", "决策、定价与公示", "Decision, price, publicity", ("PR", "PUB", "SALE", "COI"), MODES
    ),
    Subject("reward", "收益与奖励", "Income and reward", ("W", "RW", "REWARD"), MODES),
    Subject("tax", "税收", "Taxes", ("TX",), MODES),
    Subject("patent", "专利权期限与效力", "Term and effect of the patent", ("P", "RG"), MODES),
    Subject("fees", "年费与官费", "Annual and other official fees", ("F",), ()),
    Subject("numbers", "号码与代码", "Numbers and codes", ("N",), ()),
    Subject("transfer", "转让与登记", "Transfer and registration", ("TR", "CHANGE"), ("transfer", "equity")),
    Subject("license", "实施许可", "License", ("LI", "PF"), _GRANTS),
    Subject("filing", "许可合同备案", "License filing", ("L", "CORRECTION"), _GRANTS),
    Subject("open_license", "开放许可", "Open license", ("OP", "OL"), ("open_license",)),
    Subject("pledge", "质押", "Pledge", ("PG",), MODES),
    Subject("equity", "作价入股", "Equity contribution", ("EQ",), ("equity",)),
    Subject("pool", "专利池", "Patent pool", ("PP",), ("patent_pool",)),
    Subject(
        "contract",
        "合同内容与价款",
        "Content of contracts, payment",
        ("K", "PAYMENT", "ROYALTY", "CONTRACT"),
        MODES,
    ),
    Subject("registration", "技术合同认定登记", "Technology-contract registration", ("TC",), MODES),
    Subject("funding", "财政资助与实施义务", "State funding and the duty to work", ("DC",), MODES),
    Subject("stocktake", "盘点与分级", "Stocktaking and grading", ("ST", "S0", "S1", "S2", "S3"), MODES),
    Subject("report", "反馈与报告", "Feedback and reports", ("RP", "FEEDBACK", "REPLY"), MODES),
    Subject("product", "专利产品备案", "Product filing", ("ZP",), _GRANTS),
    Subject("timer", "期限", "Time limits", ("T",), MODES),
    Subject("house", "本单位规定", "The house's own rules", (), MODES),
)
# Rules whose letters say less than what they are about.
_OWN_SUBJECT = {
    **dict.fromkeys(("W-01", "W-02", "W-03", "W-04"), "decision"),
    **dict.fromkeys(("PF-01", "PF-02", "PF-03"), "transfer"),
    **dict.fromkeys(("PF-16", "PF-17"), "patent"),
}
_BY_KEY = {subject.key: subject for subject in SUBJECTS}
_BY_LETTERS = {letters: subject for subject in SUBJECTS for letters in subject.letters}


def subject_of(rule_id: str) -> Subject:
    """Return what a rule is about; a rule of letters that nobody knows is one of the house's own."""
    if rule_id in _OWN_SUBJECT:
        return _BY_KEY[_OWN_SUBJECT[rule_id]]
    found = _LETTERS.match(rule_id)
    return _BY_LETTERS.get(found[1] if found else rule_id, _BY_KEY["house"])


def rules_for(book: RuleBook, mode: str, on: date) -> tuple[tuple[Subject, tuple[Rule, ...]], ...]:
    """Return the rules in force on a day that a case of this mode can meet, by subject."""
    held = tuple(rule for rule in book.all() if rule.is_valid(on))
    grouped = (
        (subject, tuple(rule for rule in held if subject_of(rule.id) is subject))
        for subject in SUBJECTS
        if mode in subject.modes
    )
    return tuple((subject, rules) for subject, rules in grouped if rules)

"""Commercial terms of any deal: what everybody outside a mode asks of them.

A mode's terms derive from `ContractTerms`, or from `DealTerms` if there is no second party to sign. Rooms that
do not know the mode read `outline`, `payment_schedule` and `amount_basis`; papers that all modes share read
`fee_words` and the rows; the clause texts of the mode read `words`.
"""

import re
from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from contracts.fields import Day, Line, Lines, Option, OptionalLine, Rows, Terms, Whole, one_of, shown
from contracts.phrases import sentences

_HAN = re.compile(r"[\u3400-\u9fff]")
PRICE_METHODS = (
    Option("agreement", "协议定价", "agreement"),
    Option("listing", "挂牌交易", "listing"),
    Option("auction", "拍卖", "auction"),
)
FORUMS = (
    Option("court_defendant", "被告住所地人民法院", "court of the defendant's domicile"),
    Option("court_plaintiff", "原告住所地人民法院", "court of the plaintiff's domicile"),
    Option("arbitration", "仲裁", "arbitration"),
)
PriceMethod = Literal["agreement", "listing", "auction"]
Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sides:
    """What a deal calls its two sides. `ours_first` says who stands as 甲方 in the contract."""

    ours: str
    theirs: str
    ours_en: str
    theirs_en: str
    ours_first: bool = True

    def heading(self, *, ours: bool) -> str:
        """Return a side as the head of a contract names it: 许可人（甲方）."""
        name = self.ours if ours else self.theirs
        return f"{name}（{'甲' if ours == self.ours_first else '乙'}方）"


@dataclass(frozen=True, slots=True)
class Naming:
    """What a deal is called if it follows from the terms: title, kind, way of conversion, sides."""

    title_zh: str
    title_en: str
    kind_zh: str
    kind_en: str
    way_zh: str
    sides: Sides


@dataclass(frozen=True, slots=True)
class Outline:
    """What those who do not know the mode may know of its terms. A price without a method was agreed.

    `industrialized_by` is the day by which the other side promises to industrialize, if it does.
    """

    price_method: PriceMethod = "agreement"
    start: date | None = None
    end: date | None = None
    territory: str = ""
    signing_date: date | None = None
    signing_place: str = ""
    industrialized_by: date | None = None


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One payment. `amount_fen` is None if it depends on results, `due` None if the contract names no day.

    `kind` is the mode's own word. `fixed` says whether the fee clause itself lists it by name, amount and day. `ref`
    names what it is paid for where later events settle it: `royalty:3`, `minimum:1`, `milestone:0`, `conversion`.
    """

    label: str
    kind: str
    amount_fen: int | None
    due: date | None
    basis_zh: str
    fixed: bool = True
    ref: str = ""


@dataclass(frozen=True, slots=True)
class AmountBasis:
    """The amount that decides who approves, with its parts: (name, fen) and a Chinese explanation.

    `is_estimate` says that nobody owes it: it only weighs what may come of an offer.
    """

    amount_fen: int
    parts: tuple[tuple[str, int], ...]
    explanation_zh: str
    is_estimate: bool = False


@dataclass(frozen=True, slots=True)
class FeeWords:
    """Price and way of payment as forms and notices state them: `amount` is 人民币 … 元, `total` bare figures."""

    amount: str
    total: str
    way: str
    summary: str


@dataclass(frozen=True, slots=True)
class OwnerChange:
    """What terms that move the right say of the change of owner (著录项目变更).

    `deed` is what is done with the right, up to the name of the new owner; `filer` and `payer` name sides. `wordings`
    are, by field of the form, value and words by which the contract says the same. `company` is the new owner, and
    `place` its domicile, where that is not the other side.
    """

    reason: str
    right: str
    deed: str
    filer: str
    payer: str
    wordings: tuple[tuple[str, str, str], ...]
    company: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class TechnologyContract:
    """What the registration of technology contracts asks of the terms.

    `kind` is empty where the office has to say which one it is; `technical_fen` is None where the terms do not split
    the amount. Source: 民法典 art 843; 技术合同纠纷解释 art 14(2)
    """

    kind: str
    technical_fen: int | None = None


class DealTerms(Terms):
    """Base of the commercial terms of every mode."""

    project_name: Line = shown("项目名称", "Project name", "scope", help_zh="合同与公示中使用的成果名称")

    @abstractmethod
    def outline(self) -> Outline:
        """Return what everybody may know of the terms."""

    @abstractmethod
    def payment_schedule(self) -> tuple[PaymentLine, ...]:
        """Return every payment that is agreed, by due date."""

    @abstractmethod
    def amount_basis(self) -> AmountBasis:
        """Return the amount for approval thresholds."""

    @abstractmethod
    def words(self) -> Mapping[str, Any]:
        """Return the terms in words, as the clause texts and forms of the mode use them (`t`)."""

    @abstractmethod
    def fee_words(self) -> FeeWords:
        """Return price and way of payment in one line each."""

    @abstractmethod
    def notice_rows(self) -> tuple[Row, ...]:
        """Return what the publicity notice shows of the deal besides party and price: (label, value)."""

    @abstractmethod
    def approval_rows(self) -> tuple[Row, ...]:
        """Return what the approval form shows of the deal besides party, patents and price: (label, value)."""

    def way_note(self) -> str:
        """Return what the publicity notice adds to the name of the mode: 允许分许可."""
        return ""

    def free_texts(self) -> tuple[Row, ...]:
        """Return what was typed freely and goes into the contract: (place, text), for the lint."""
        return ()

    def naming(self) -> Naming | None:
        """Return what the deal is called if it follows from the terms; None if the mode says it."""
        return None

    def owner_change(self) -> OwnerChange | None:
        """Return what is agreed of the change of owner; None if the right does not move."""
        return None

    def technology_contract(self) -> TechnologyContract:
        """Return as what the contract is registered."""
        return TechnologyContract("")

    def payment_notes(self) -> tuple[str, str]:
        """Return what the payment annex says above the rule on rest days, and what instead of an empty table."""
        return "", "本合同无付款计划。"

    def translations(self) -> tuple["Translation", ...]:
        """Return the English that was given beside Chinese texts."""
        return ()

    def chart_facts(self) -> Mapping[str, Any]:
        """Return what only the guards of the mode ask of the terms, as JSON values."""
        return {}

    def annexed(self) -> Mapping[str, Any]:
        """Return the rows of the annexes that are the mode's own, by the name its annex templates use."""
        return {}


class Translation(Terms):
    """The English of a text that was typed in Chinese."""

    zh: Line = shown("中文原文", "Chinese", "general", help_zh="与条款中填写的文字一致；多行文字每行填一行")
    en: Line = shown("英文", "English", "general")

    def cross_problems(self) -> Iterable[tuple[str, str]]:
        """Yield what is wrong between fields."""
        if _HAN.search(self.en):
            yield "en", "英文一栏须以英文填写。"


class ContractTerms(DealTerms):
    """Terms of a deal that two parties sign: what every contract has at its end."""

    dispute: Annotated[Literal["court_plaintiff", "court_defendant", "arbitration"], one_of(FORUMS)] = shown(
        "争议解决", "Disputes", "general", "select", options=FORUMS, default="court_defendant"
    )
    arbitration_institution: OptionalLine = shown(
        "仲裁机构", "Arbitration institution", "general", help_zh="选择仲裁时填写机构全称", default=""
    )
    copies: Annotated[Whole, Field(ge=2, le=30)] = shown(
        "合同份数", "Copies", "general", "int", "正本总份数", unit="份", default=6
    )
    signing_place: OptionalLine = shown("签订地点", "Place of signing", "general", default="")
    signing_date: Day | None = shown(
        "签订日期", "Date of signing", "general", "date", "未确定可不填，签订时手写", default=None
    )
    special_clauses: Lines = shown(
        "特别约定",
        "Special clauses",
        "general",
        "textarea",
        "每行一条；不得限制技术竞争和技术发展",
        default=(),
        max_length=20,
    )

    glossary: Annotated[tuple[Translation, ...], Rows] = shown(
        "英文对照", "English of what was typed", "general", "table",
        "签订中英文对照本时填写，供英文文本使用；合同以中文为准，填写或修改不影响已作出的审批", default=(), later=True,
    )  # fmt: skip

    def translations(self) -> tuple[Translation, ...]:
        """Return the English that was given beside Chinese texts."""
        return self.glossary

    def general_words(self) -> dict[str, Any]:
        """Return the words of the clauses that all contracts share."""
        each = max(1, (self.copies - 1) // 2)
        return {
            "project": self.project_name,
            "dispute": self.dispute,
            "arbitration_institution": self.arbitration_institution,
            "copies": self.copies,
            "copies_each": each,
            "copies_rest": self.copies - 2 * each,
            "special_clauses": sentences(self.special_clauses),
        }

    def free_texts(self) -> tuple[Row, ...]:
        """Return the special clauses; a mode adds its own notes."""
        return tuple((f"特别约定第{n}条", text) for n, text in enumerate(self.special_clauses, 1))

    def cross_problems(self) -> Iterable[tuple[str, str]]:
        """Yield what is wrong between fields."""
        if (self.dispute == "arbitration") != bool(self.arbitration_institution):
            yield "arbitration_institution", "选择仲裁的，应填写仲裁机构全称；选择诉讼的，请清空该项。"
        known: set[str] = set()
        for n, row in enumerate(self.glossary):
            if row.zh in known:
                yield f"glossary.{n}.zh", "同一中文原文只填一行英文。"
            known.add(row.zh)


ADMINISTRATIVE = frozenset({"signing_date", "signing_place", "copies", "glossary"})

"""The clauses of each contract: which text, on which legal basis, and which duty of content it meets.

`covers` are the rows of the legal minimum of patent contracts (K-01 to K-18); `sections` the numbers of the
earlier license contract form of the patent office (0 is the cover and preamble). Both are checklists: tests
see to it that every one is carried by a clause.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from contracts.license import LicenseTerms


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause. `text` is a template of the mode or of what modes share; `when` names a condition of the terms."""

    id: str
    title: str
    basis: tuple[str, ...]
    covers: tuple[str, ...] = ()
    sections: tuple[int, ...] = ()
    when: str = ""
    numbered: bool = True

    @property
    def text(self) -> str:
        """The file name of the text."""
        return f"{self.id}.txt"

    def is_used(self, terms: LicenseTerms) -> bool:
        """Whether a contract on these terms has the clause."""
        return not self.when or bool(getattr(terms, self.when))


_LICENSE = (
    Clause("recitals", "鉴于", ("民法典845", "专利实施许可合同备案办法9", "转化法18"), ("K-02",), (0,), numbered=False),
    Clause("definitions", "名词和术语的解释", ("民法典845", "技术合同纠纷解释25"), ("K-10",), (1,)),
    Clause(
        "grant", "许可的方式与范围",
        ("专利法12", "民法典864、865、867", "技术合同纠纷解释25、28"), ("K-05",), (2,),
    ),
    Clause(
        "patents", "许可专利的技术内容与权利状况",
        ("民法典845", "专利实施许可合同备案办法9", "技术合同纠纷解释24"), ("K-03", "K-04", "K-16"), (3,),
    ),
    Clause("delivery", "技术资料的交付", ("民法典845、866",), ("K-06",), (4,)),
    Clause("performance", "实施计划与实施义务", ("民法典845", "转化法21", "专利法实施细则101"), ("K-06",)),
    Clause("fees", "许可费及支付方式", ("民法典846", "技术合同纠纷解释14"), ("K-11",), (5,)),
    Clause("royalty", "提成费的计算、报告与查账", ("民法典846",), ("K-11",), (5,), when="royalty"),
    Clause("acceptance", "验收的标准与方法", ("民法典845",), ("K-09",), (6,)),
    Clause("confidentiality", "保密", ("民法典845、871", "转化法41"), ("K-07",), (7,)),
    Clause("service", "技术服务与培训", ("民法典845",), (), (8,)),
    Clause("improvements", "后续改进与成果、收益的归属", ("民法典845、875",), ("K-08", "K-12"), (9,)),
    Clause("upkeep", "专利权的维持", ("技术合同纠纷解释24、26", "专利法43、44"), ("K-17",)),
    Clause("warranty", "陈述与保证", ("民法典870",), ("K-13",)),
    Clause("infringement", "侵权的处理", ("民法典874",), ("K-13",), (11,)),
    Clause("invalidation", "专利权被宣告无效的处理", ("专利法47",), (), (12,)),
    Clause(
        "filing", "合同的备案与登记",
        ("专利法实施细则15", "专利实施许可合同备案办法5、16、17", "技术合同纠纷解释8"), (),
    ),
    Clause("tax", "税费", ("印花税法",), (), (14,)),
    Clause("breach", "违约责任", ("民法典585、872、873", "技术合同纠纷解释15"), ("K-14",), (10,)),
    Clause("force_majeure", "不可抗力", ("民法典",), (), (13,)),
    Clause("fairness", "技术进步与公平竞争", ("民法典850、864", "技术合同纠纷解释10"), ("K-18",)),
    Clause("dispute", "法律适用与争议的解决", ("民法典",), ("K-15",), (15,)),
    Clause("effect", "合同的生效、变更与终止", ("民法典", "专利实施许可合同备案办法16"), (), (16,)),
    Clause("notice", "通知与送达", ("民法典",)),
    Clause("special", "特别约定", ("民法典850",), (), (17,), when="special_clauses"),
    Clause("misc", "其他", ("民法典469、863",), ("K-01",), (17,)),
)  # fmt: skip


def _resting_on(clauses: tuple[Clause, ...], **basis: str) -> tuple[Clause, ...]:
    """Return the clauses with one more article behind some of them, by id."""
    return tuple(
        replace(clause, basis=(*clause.basis, basis[clause.id])) if clause.id in basis else clause
        for clause in clauses
    )


CLAUSES: Mapping[str, tuple[Clause, ...]] = {
    "ordinary_license": _resting_on(_LICENSE, recitals="专利法14"),
    "sole_license": _resting_on(_LICENSE, grant="技术合同纠纷解释27"),
    "exclusive_license": _LICENSE,
}

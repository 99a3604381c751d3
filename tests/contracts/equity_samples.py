"""One made-up contribution to a company, used by the tests of its papers. Nothing in it is real."""

from dataclasses import replace
from datetime import date
from typing import Any

from contracts.equity import EquityTerms
from contracts.terms import check_terms
from contracts.view import Appraisal, CaseView, Publicity
from tests.contracts.samples import LICENSEE, LICENSOR, PATENTS
from tests.contracts.samples import view as license_view

RAW: dict[str, Any] = {
    "project_name": "锂离子电池复合隔膜制备技术",
    "business": "动力电池和储能电池用复合隔膜的研发、生产和销售",
    "way": "新设公司",
    "company_name": "江州隔膜新材有限公司",
    "company_place": "江州市高新区科技大道8号",
    "registered_capital_fen": "500万元",
    "shareholders": [
        {
            "name": "江州新膜材料科技有限公司",
            "form": "货币",
            "capital_fen": "400万元",
            "pay_by": "2028-12-31",
        },
    ],
    "price_method": "协议定价",
    "value_fen": "150万元",
    "capital_fen": "100万元",
    "holder": "资产经营公司持有",
    "holder_name": "江州理工资产经营有限公司",
    "awards": [
        {"name": "陈㛃", "role": "主要贡献人员", "capital_fen": "42万元"},
        {"name": "刘𬱖", "role": "其他贡献人员", "capital_fen": "12万元"},
        {"name": "韩敏", "role": "转化和管理人员", "capital_fen": "6万元"},
    ],
    "transfer_by": "2026-09-30",
    "materials": [{"name": "涂覆浆料配方与制备工艺规程", "form": "纸质、电子", "copies": "2"}],
    "materials_due_on": "2026-10-31",
    "materials_place": "江州市高新区科技大道8号",
    "support_days": "20",
    "exits": "向其他股东或第三人转让股权、公司减资退出",
    "signing_place": "江州市",
}
APPRAISAL = Appraisal(
    "江评字2026第018号", "江州正和资产评估有限公司", 150_000_000, date(2026, 3, 31), date(2027, 3, 30)
)


def terms(**changed: Any) -> EquityTerms:
    """Return the sample terms with some raw fields replaced."""
    check = check_terms("equity", {**RAW, **changed})
    assert check.problems == ()
    assert isinstance(check.terms, EquityTerms)
    return check.terms


def view(*, agreed: EquityTerms | None = None, **changed: Any) -> CaseView:
    """Return the sample case with some fields replaced."""
    made = replace(
        license_view(),
        mode="equity",
        contract_no="JZUT-GQ-2026-001",
        ours=LICENSOR,
        theirs=LICENSEE,
        patents=PATENTS,
        terms=agreed or terms(),
        price_basis="评估报告和谈判记录",
        appraisal=APPRAISAL,
        award_publicity=Publicity(
            posted_on=date(2026, 7, 1), ends_on=date(2026, 7, 22), days=15, unit_zh="个工作日", place="校园网信息公开栏",
            contact="李思远", phone="0599-8100001", email="tto@jzut.example",
        ),
    )  # fmt: skip
    return replace(made, **changed)

"""One made-up case, used by all tests of documents. Nothing in it is a real person or company."""

from dataclasses import replace
from datetime import date
from typing import Any

from contracts.license import LicenseTerms
from contracts.terms import check_terms
from contracts.view import ApprovalLine, CaseView, Party, PatentItem, Publicity

RAW: dict[str, Any] = {
    "project_name": "锂离子电池复合隔膜制备技术",
    "purpose": "动力电池和储能电池用复合隔膜的工业化生产",
    "acts": "制造、使用、许诺销售、销售",
    "products": "陶瓷涂覆复合隔膜\n芳纶涂覆复合隔膜",
    "start": "2026年3月1日",
    "end": "2031-02-28",
    "price_method": "协议定价",
    "entry_fee_fen": "120万元",
    "instalments": [
        {"label": "第一期", "amount_fen": "60万元", "due_on": "2026-03-31"},
        {"label": "第二期", "amount_fen": "30万元", "due_on": "2027-03-31"},
        {"label": "第三期", "amount_fen": "30万元", "due_on": "2028-03-31"},
    ],
    "royalty.base": "净销售额",
    "royalty.rates": [{"year": 1, "rate_bp": "3%"}, {"year": 3, "rate_bp": "3.5%"}],
    "royalty.minimum_per_year_fen": "10万元",
    "royalty.period": "每半年",
    "milestones": [
        {
            "label": "中试验收合格",
            "evidence": "双方签署的中试验收报告",
            "amount_fen": "20万元",
            "due_on": "2027-02-28",
        }
    ],
    "service_days": "20",
    "service_fee_fen": "10万元",
    "service_due_on": "2026-06-30",
    "penalty_fen": "30万元",
    "materials": [
        {"name": "涂覆浆料配方与制备工艺规程", "form": "纸质、电子", "copies": "2"},
        {"name": "涂覆设备技术要求", "form": "电子"},
        {"name": "隔膜性能检测方法", "form": "电子"},
    ],
    "materials_due_on": "2026-03-31",
    "materials_place": "江州市高新区科技大道8号被许可人厂区",
    "targets": "隔膜厚度均匀性偏差不大于1.5微米\n150摄氏度下热收缩率不大于3%",
    "signing_place": "江州市",
}

LICENSOR = Party(
    name="江州理工大学",
    uscc="12100000400000624D",
    address="江州市学府路1号",
    legal_representative="陈㛃",
    contact="李思远",
    phone="0599-8100001",
    email="tto@jzut.example",
    bank="中国银行江州学府支行",
    account="6200 0000 0000 0001",
)
LICENSEE = Party(
    name="江州新膜材料科技有限公司",
    uscc="91110000600037341L",
    address="江州市高新区科技大道8号",
    legal_representative="王䶮",
    contact="赵敏",
    phone="0599-8200002",
    email="legal@xinmo.example",
    bank="中国工商银行江州高新支行",
    account="1400 0000 0000 0002",
)
PATENTS = (
    PatentItem(
        application_no="201710601862.3",
        patent_no="ZL201710601862.3",
        title="一种锂离子电池用陶瓷涂覆复合隔膜及其制备方法",
        kind="invention",
        filing_date=date(2017, 7, 21),
        grant_date=date(2020, 5, 12),
        term_end=date(2037, 7, 20),
        owners=("江州理工大学",),
        inventors=("陈㛃", "刘𬱖", "孙敏"),
        publication_no="CN107000001B",
        ipc="H01M 50/449",
    ),
    PatentItem(
        application_no="202120000001.8",
        patent_no="ZL202120000001.8",
        title="一种隔膜双面涂覆装置",
        kind="utility",
        filing_date=date(2021, 1, 4),
        grant_date=date(2021, 9, 7),
        term_end=date(2031, 1, 3),
        owners=("江州理工大学",),
        inventors=("刘𬱖", "周岩"),
        ipc="B05C 9/04",
    ),
)


def terms(mode: str = "exclusive_license", /, **changed: Any) -> LicenseTerms:
    """Return the sample terms of a kind of license with some raw fields replaced."""
    check = check_terms(mode, {**RAW, **changed})
    assert check.problems == ()
    assert isinstance(check.terms, LicenseTerms)
    return check.terms


def view(mode: str = "exclusive_license", /, **changed: Any) -> CaseView:
    """Return the sample case of a mode with some fields replaced; a mode that is no license brings its terms."""
    made = CaseView(
        case_no="PH-2026-0001",
        contract_no="JZUT-ZL-2026-001",
        mode=mode,
        ours=LICENSOR,
        theirs=LICENSEE,
        patents=PATENTS[:1],
        terms=changed["terms"] if "terms" in changed else terms(mode),
        draft=False,
        institution="江州理工大学",
        officer="李思远",
        department="材料科学与工程学院",
        dates={"checked_on": date(2026, 1, 20), "opened_on": date(2026, 1, 5)},
        publicity=Publicity(
            posted_on=date(2026, 1, 26),
            ends_on=date(2026, 2, 10),
            days=15,
            place="江州理工大学科技成果转化网",
            contact="李思远",
            phone="0599-8100001",
            email="tto@jzut.example",
            procedure="对公示内容有异议的，应在公示期内以书面形式实名提出；公示暂停，学校在十五日内调查并书面答复。",
        ),
        approvals=(
            ApprovalLine("项目负责人", "同意", "陈㛃", date(2026, 1, 15)),
            ApprovalLine("成果转化部门", "同意", "李思远", date(2026, 2, 12), "科转〔2026〕3号"),
        ),
        approval_body="校长办公会",
        price_basis="参考同类隔膜专利许可的可比交易，经三轮谈判确定。",
    )
    return replace(made, **changed)

"""Sheets of companies: the counterparties that cases choose from."""

from collections.abc import Iterator, Sequence

from sqlmodel import select

from cases.companies import LABELS, put_company
from cases.tables import Company
from exchange.sheet_cells import credit_code, email, text, yes_no
from exchange.sheet_kind import Column, Fault, Outcome, SheetKind, SheetRow, Work

_COLUMNS = (
    Column("name", ("企业名称", "公司名称", "单位名称", "名称", "企业", "company", "name"), text(200), required=True,
           hint="按营业执照填写", example="启衡新材料股份有限公司"),
    Column("uscc", ("统一社会信用代码", "信用代码", "社会信用代码", "营业执照号", "credit_code", "uscc"), credit_code,
           hint="18位；境外主体留空", example="91110000600037341L"),
    Column("address", ("住所", "地址", "注册地址", "企业地址", "address")),
    Column("legal_representative", ("法定代表人", "法人代表", "法人", "负责人", "legal_representative")),
    Column("contact", ("联系人", "联系人姓名", "contact"), text(100)),
    Column("phone", ("联系电话", "电话", "手机", "手机号", "联系方式", "联系人 电话", "phone"), text(60)),
    Column("email", ("电子邮箱", "邮箱", "电子邮件", "email"), email),
    Column("bank", ("开户银行", "开户行", "bank")),
    Column("account", ("银行账号", "账号", "银行帐号", "account"), text(60)),
    Column("name_en", ("英文名称", "name_en")),
    Column("address_en", ("英文地址", "address_en")),
    Column("is_foreign", ("境外主体", "是否境外", "is_foreign"), yes_no, hint="是或否，留空为否"),
)  # fmt: skip


def _check(work: Work, rows: Sequence[SheetRow]) -> Iterator[Fault]:
    """Refuse a bank account that is already another company's, on record or in the sheet: money would go astray."""
    accounts = {_bare(row.text("account")) for row in rows} - {""}
    known: dict[str, tuple[str, str]] = {}
    query = select(Company).where(Company.org_id == work.org_id, Company.account != "")
    for company in work.session.exec(query) if accounts else ():
        if _bare(company.account) in accounts:
            known[_bare(company.account)] = (company.uscc or company.name, f"“{company.name}”")
    for row in rows:
        account, owner = _bare(row.text("account")), row.text("uscc") or row.text("name")
        if not account:
            continue
        whose, told = known.setdefault(account, (owner, f"第{row.number}行“{row.text('name')}”"))
        if whose != owner:
            yield Fault(
                row, "account", f"该银行账号已属于{told}。请核对账号；确属同一账号的，请先更正另一家企业。"
            )


def _bare(account: str) -> str:
    return "".join(char for char in account if char.isdigit())


def _write(work: Work, row: SheetRow) -> Outcome:
    return put_company(work.session, work.cur, work.person, row.values, work.now)


COMPANIES = SheetKind(
    name="companies", zh="企业名单", en="companies", columns=_COLUMNS, write=_write, check=_check, key=("uscc",),
    about_zh=f"登记合同相对方。同一{LABELS['uscc']}的企业只登记一次，空白单元格不会清除已登记的内容。",
    about_en="Counterparties of contracts. A credit code is registered once; blank cells never clear what is there.",
)  # fmt: skip

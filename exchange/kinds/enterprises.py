"""Sheets of enterprises' profiles, of the pool of experts, and of evaluations that came as a list.

A blank cell leaves what is there; the same sheet again changes nothing. An evaluation is known by patent, evaluator and
day: a row that says something else for the same three is refused, never written over.
"""

from collections.abc import Mapping
from typing import Any

from sqlmodel import select

from cases.companies import EDITORS
from cases.enterprise_codes import CLASSES, CULTIVATION, SHARING, SIZES, SOURCES
from cases.enterprise_tables import CompanyProfile, Evaluation, Expert
from cases.enterprises import as_json, checked_profile, profile_of, write_profile
from cases.errors import Conflict, Forbidden, NotFound
from cases.evaluation_views import opinion_of
from cases.evaluations import Given, write_evaluation
from cases.experts import checked_expert, expert_named
from cases.industries import NAMES as INDUSTRIES
from cases.tables import Company
from cases.trail import append_org, hold_org
from exchange.sheet_cells import (
    Choice,
    Choices,
    day,
    email,
    long_text,
    patent_number,
    text,
    whole_number,
    yes_no,
)
from exchange.sheet_kind import Column, Outcome, SheetKind, SheetRow, Work
from rules.evaluations import HEADS


def _choice(words: Mapping[str, tuple[str, str]]) -> Choice:
    return Choice(
        {**{zh: key for key, (zh, _) in words.items()}, **{en: key for key, (_, en) in words.items()}}
    )


COMPANY = Column(
    "company",
    ("企业名称", "企业", "公司名称", "评价企业", "company"),
    text(200),
    hint="已登记的企业名称或统一社会信用代码",
    example="启衡新材料股份有限公司",
)
_FIELDS = ("产业领域", "领域", "industries")


def _company(work: Work, named: str) -> Company:
    """Return the company of a name or code.

    Raises: NotFound.
    """
    query = select(Company).where(Company.org_id == work.org_id)
    for column, value in ((Company.name, named), (Company.uscc, named.upper())):
        if found := work.session.exec(query.where(column == value)).first():
            return found
    raise NotFound(f"没有登记企业“{named}”，请先导入企业名单", f"no company {named}")


def _check_may(work: Work) -> None:
    if work.person.role not in EDITORS:
        raise Forbidden("企业和专家须由转化专员登记", "only officers keep enterprises and experts")


def _profile(work: Work, row: SheetRow) -> Outcome:
    _check_may(work)
    hold_org(work.cur, work.org_id)
    company = _company(work, row.text("company"))
    company_id = int(company.id or 0)
    held = work.session.get(CompanyProfile, company_id)
    values = {**as_json(profile_of(held)), **row.values}
    profile = checked_profile(values, work.today)
    if not write_profile(work.session, work.org_id, company_id, profile, work.now):
        return "same"
    body = {"company_id": company_id, "name": company.name, "profile": as_json(profile)}
    append_org(work.cur, work.org_id, work.person.author, "company_profile_saved", body, work.now)
    return "changed" if held else "added"


def _expert(work: Work, row: SheetRow) -> Outcome:
    _check_may(work)
    hold_org(work.cur, work.org_id)
    held = expert_named(work.session, work.org_id, row.text("name"), row.text("employer"))
    texts, fields = checked_expert({"sharing": held.sharing if held else "own", **row.values})
    values = {**texts, "fields": fields}
    if held and all(getattr(held, name) == value for name, value in values.items()):
        return "same"
    expert = held or Expert(org_id=work.org_id, name="", employer="", recommender="", created_at=work.now)
    for name, value in values.items():
        setattr(expert, name, value)
    work.session.add(expert)
    work.session.flush()
    append_org(
        work.cur, work.org_id, work.person.author, "expert_saved", {**texts, "expert_id": expert.id}, work.now
    )
    return "changed" if held else "added"


def _evaluation(work: Work, row: SheetRow) -> Outcome:
    _check_may(work)
    hold_org(work.cur, work.org_id)
    by = _evaluator(work, row)
    on = row.values.get("on") or work.today
    who = "-".join(f"{name}:{id_}" for name, id_ in by.items())
    given = Given(
        int(row.patent_id or 0), _three(row, ""), _three(row, "_text", str), on=on, source="sheet",
        willing_to_talk=bool(row.values.get("willing_to_talk")), contact_consent=bool(row.values.get("contact_consent")),
        key=f"sheet:{row.patent_id}:{who}:{on.isoformat()}", **by,
    )  # fmt: skip
    held = work.session.exec(
        select(Evaluation).where(Evaluation.org_id == work.org_id, Evaluation.key == given.key)
    ).first()
    if held is None:
        write_evaluation(work.postgres, work.session, work.org_id, given, work.person.author, work.now)
        return "added"
    if (opinion := opinion_of(held)).scores == given.scores and opinion.texts == given.texts:
        return "same"
    raise Conflict(
        "同一评价方当日对该专利的评价已登记，内容不同，没有覆盖。请核对评价日期",
        "another evaluation of that day is kept",
    )


def _three(row: SheetRow, suffix: str, kind: type = int) -> Any:
    return tuple(kind(row.values.get(f"{head}{suffix}") or kind()) for head in HEADS)


def _evaluator(work: Work, row: SheetRow) -> dict[str, int]:
    """Return who evaluates: the company, or the expert, of a row.

    Raises: NotFound.
    """
    if named := row.text("company"):
        return {"company_id": int(_company(work, named).id or 0)}
    found = expert_named(work.session, work.org_id, row.text("expert"), row.text("employer"))
    if found is None:
        raise NotFound(
            "请填写评价企业，或已在专家库中的专家姓名和工作单位",
            "name an enterprise, or an expert of the pool",
        )
    return {"expert_id": int(found.id or 0)}


PROFILES = SheetKind(
    name="enterprises", zh="企业档案", en="enterprise profiles", write=_profile, key=("company",), columns=(
        Column("company", COMPANY.titles, text(200), required=True, hint=COMPANY.hint, example=COMPANY.example),
        Column("classes", ("企业类别", "类别", "资质", "classes"), Choices(_choice(CLASSES))),
        Column("region", ("地区", "所在地区", "区县", "region"), text(60), example="沧澜市高新区"),
        Column("industries", _FIELDS, Choices(_choice(INDUSTRIES))),
        Column("size", ("规模", "企业规模", "size"), _choice(SIZES)),
        Column("cultivation", ("培育状态", "样板企业培育", "cultivation"), _choice(CULTIVATION)),
        Column("source", ("来源渠道", "来源", "source"), _choice(SOURCES)),
        Column("confirmed_on", ("确认日期", "confirmed_on"), day, example="2026-03-01"),
    ),
    about_zh="为已登记的企业补充类别、地区、产业领域等。空白单元格不会清除已登记的内容。",
    about_en="Adds classes, region and industries to registered companies. Blank cells never clear what is there.",
)  # fmt: skip
EXPERTS = SheetKind(
    name="experts", zh="评价专家", en="evaluating experts", write=_expert, key=("name", "employer"), columns=(
        Column("name", ("姓名", "专家姓名", "name"), text(50), required=True, example="方既白"),
        Column("employer", ("工作单位", "单位", "employer"), text(200), required=True, example="沧澜新材料协会"),
        Column("fields", _FIELDS, Choices(_choice(INDUSTRIES)), required=True, example="新材料"),
        Column("products", ("熟悉的技术和产品", "技术和产品", "products"), long_text, required=True, example="隔膜涂覆设备"),
        Column("recommender", ("推荐单位", "recommender"), text(200), required=True, example="市科技局"),
        Column("sharing", ("共享范围", "sharing"), _choice(SHARING)),
        Column("email", ("电子邮箱", "邮箱", "email"), email),
    ),
    about_zh="懂技术和产品的评价专家；同一单位的同名专家只登记一次。", about_en="Experts of the pool, each once.",
)  # fmt: skip
EVALUATIONS = SheetKind(
    name="evaluations", zh="专利评价", en="evaluations of patents", write=_evaluation, patent="number",
    key=("number", "company", "expert", "employer", "on"), columns=(
        Column("number", ("专利号", "申请号", "专利申请号", "number"), patent_number, required=True, example="202010100001.9"),
        COMPANY,
        Column("expert", ("评价专家", "专家姓名", "expert"), text(50), hint="没有评价企业的，填写专家库中的专家"),
        Column("employer", ("专家单位", "工作单位", "employer"), text(200)),
        *(Column(head, (f"{zh}得分", f"{zh}评分", f"{zh}（分）", head), whole_number(0, 100), required=True, example="80")
          for head, (zh, _) in HEADS.items()),
        *(Column(f"{head}_text", (f"{zh}说明", zh, f"{head}_text"), text(1000)) for head, (zh, _) in HEADS.items()),
        Column("on", ("评价日期", "日期", "on"), day, hint="留空为导入当日", example="2026-03-01"),
        Column("willing_to_talk", ("愿意洽谈", "willing_to_talk"), yes_no),
        Column("contact_consent", ("同意联系", "contact_consent"), yes_no),
    ),
    about_zh="企业或入库专家按产业化前景、技术改进需求、产学研合作意愿三项的评价；逐份作质量检查，不会覆盖已登记的评价。",
    about_en="Evaluations by enterprises or experts under the three heads; each is checked for care, none is written over.",
)  # fmt: skip

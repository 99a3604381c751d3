"""Sheets of stocktaking: contacts of inventors, self-ratings, scores of the panel; and the sheet to fill in.

A rating goes the way of every other step (`cases.stocktake_steps`): what may not be changed any more is refused row by row.
A blank cell leaves what is there. Importing a sheet again changes nothing.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from cases.db import Database
from cases.errors import NotFound
from cases.inventors import Contact, put_contact
from cases.profile_fields import IMPLEMENTATIONS, MATURITIES, PROSPECTS, WILLINGNESS
from cases.scope import Author
from cases.stocktake_answers import VALUES, loaded, read_answers
from cases.stocktake_progress import Wish, items_of
from cases.stocktake_steps import Deed, do_step
from cases.stocktakes import stocktake_row
from cases.trail import hold_org
from exchange.sheet_cells import Choice, Choices, email, long_text, patent_number, text, whole_number, yes_no
from exchange.sheet_kind import Column, Outcome, SheetKind, SheetRow, Work
from exchange.sheet_template import write_template
from rules.identifiers import display_number
from states.stocktaking import Asked

PAGE = 500
ITEMS = (
    "SELECT i.id, i.answers, i.state, s.title FROM stocktake_item i JOIN stocktake s ON s.id = i.stocktake_id "
    "WHERE i.org_id = ? AND i.patent_id = ? AND s.status = 'open' ORDER BY i.id DESC"
)
RATER = "SELECT id, name, role FROM app_user WHERE org_id = ? AND login = ? AND active = ?"
HELD = "SELECT score, comment FROM panel_score WHERE item_id = ? AND rater_id = ?"
NUMBER = Column(
    "number",
    ("专利号", "申请号", "专利申请号", "patent_no"),
    patent_number,
    required=True,
    example="202010100001.9",
)
CAMPAIGN = Column(
    "campaign", ("盘点名称", "盘点", "campaign"), text(80), hint="留空为该专利所在的进行中的盘点"
)


def _choice(words: Mapping[str, tuple[str, str]]) -> Choice:
    return Choice(
        {**{zh: key for key, (zh, _) in words.items()}, **{en: key for key, (_, en) in words.items()}}
    )


def _item(work: Work, row: SheetRow) -> tuple[int, dict[str, Any], str]:
    """Return the item that a row is about.

    Raises: NotFound if the patent is in no open campaign, or not in the one that is named.
    """
    wanted = row.text("campaign")
    for id_, answers, state, title in work.cur.all(ITEMS, work.org_id, row.patent_id):
        if wanted in ("", title):
            return id_, loaded(answers), state
    where = f"盘点“{wanted}”" if wanted else "进行中的盘点"
    raise NotFound(f"该专利不在{where}中，请核对盘点名称和专利号", "the patent is in no such stocktake")


def _rate(work: Work, row: SheetRow) -> Outcome:
    hold_org(work.cur, work.org_id)
    item_id, held, state = _item(work, row)
    given = {name: row.values[name] for name in _ANSWERS if name in row.values}
    if "funded" in given:
        given["funded"] = "yes" if given["funded"] else "no"
    if given.get("unwilling") is False:
        del given["unwilling"]
    clears = {"willingness"} if given.get("unwilling") else {"unwilling"} if "willingness" in given else set()
    rating = read_answers({**{name: value for name, value in held.items() if name not in clears}, **given})
    if rating.answers == held and state not in ("waiting", "returned"):
        return "same"
    asked = Asked("rate", work.person.role, work.person.id)
    do_step(work.cur, work.org_id, item_id, Deed(asked, work.person.author, work.now, rating.answers))
    return "changed" if held else "added"


def _score(work: Work, row: SheetRow) -> Outcome:
    hold_org(work.cur, work.org_id)
    item_id, _, _ = _item(work, row)
    by, role = _rater(work, row.text("rater"))
    held = work.cur.one(HELD, item_id, by.id)
    score, comment = int(row.values["score"]), row.text("comment")
    if held is not None and (held[0], held[1]) == (score, comment or held[1]):
        return "same"
    deed = Deed(Asked("score", role, by.id), by, work.now, score=score, comment=comment)
    do_step(work.cur, work.org_id, item_id, deed)
    return "added" if held is None else "changed"


def _rater(work: Work, login: str) -> tuple[Author, str]:
    """Return who scored: whoever imports, unless another person of the institution is named."""
    if not login:
        return work.person.author, work.person.role
    row = work.cur.one(RATER, work.org_id, login, True)
    if row is None:
        raise NotFound(f"没有用户“{login}”，请核对评价人登录名", f"no user {login}")
    return Author(int(row[0]), str(row[1]), work.person.origin), str(row[2])


def _contact(work: Work, row: SheetRow) -> Outcome:
    named = {name: row.text(name) for name in ("name", "college", "staff_no", "email", "login")}
    contact = Contact(**named, active=not row.values.get("gone", False))
    return cast("Outcome", put_contact(work.cur, work.org_id, contact, work.now))


_ANSWERS = (
    "maturity",
    "scenario",
    "prospect",
    "willingness",
    "unwilling",
    "implementation",
    "funded",
    "value",
    "comments",
)
SELF_RATINGS = SheetKind(
    name="self_ratings", zh="盘点自评表", en="self-ratings", write=_rate, key=("number", "campaign"), patent="number",
    columns=(
        NUMBER,
        Column("title", ("专利名称", "发明创造名称", "名称"), hint="供核对，不导入"),
        Column("inventor", ("第一发明人", "发明人"), hint="供核对，不导入"),
        CAMPAIGN,
        Column("maturity", ("技术成熟度", "成熟度"), _choice(MATURITIES), example="中试"),
        Column("scenario", ("应用场景", "应用领域"), long_text, example="动力电池；储能"),
        Column("prospect", ("产业化前景", "前景", "产业化前景分析"), _choice(PROSPECTS), example="前景好"),
        Column("willingness", ("转化意愿", "可接受的转化方式", "转化方式"), Choices(_choice(WILLINGNESS)),
               example="许可；开放许可"),
        Column("unwilling", ("暂不转化",), yes_no, hint="是或否；与转化意愿不能同时填写"),
        Column("implementation", ("实施情况", "实施状态", "是否实施"), _choice(IMPLEMENTATIONS), example="未实施"),
        Column("funded", ("是否受财政资助", "财政资助"), yes_no, hint="是或否"),
        Column("value", ("专利价值", "价值自评", "专利自评"), _choice(VALUES), example="较高"),
        Column("comments", ("补充说明", "备注说明", "说明"), long_text),
    ),
    about_zh="按发明人自评填写，须填技术成熟度、应用场景、产业化前景和转化意愿；已在审核中的事项不能改写，逐行说明原因。",
    about_en="Self-ratings of inventors; what is being reviewed already is refused row by row.",
)  # fmt: skip
CENTRAL_RATINGS = SheetKind(
    name="central_ratings", zh="盘点集中评价表", en="central ratings", write=_score, key=("number", "campaign", "rater"),
    patent="number",
    columns=(
        NUMBER,
        Column("title", ("专利名称", "发明创造名称", "名称"), hint="供核对，不导入"),
        CAMPAIGN,
        Column("rater", ("评价人登录名", "评价人", "专家"), text(100), hint="留空为导入人"),
        Column("score", ("评分", "得分", "分数"), whole_number(0, 100), required=True, example="80"),
        Column("comment", ("评语", "意见"), long_text),
    ),
    about_zh="评价组成员逐件打分，0至100分；同一评价人对同一专利再次导入的，以新的为准。",
    about_en="Scores of the panel, 0 to 100; a rater's later score replaces the earlier one.",
)  # fmt: skip
INVENTORS = SheetKind(
    name="inventors", zh="发明人联系表", en="contacts of inventors", write=_contact, key=("name", "college", "staff_no"),
    columns=(
        Column("name", ("姓名", "发明人", "发明人姓名", "name"), text(100), required=True, example="陈思远"),
        Column("college", ("院系", "学院", "单位", "部门", "college"), text(200), example="材料学院"),
        Column("staff_no", ("工号", "教工号", "staff_no"), text(60)),
        Column("email", ("电子邮箱", "邮箱", "email"), email, example="chen@example.invalid"),
        Column("login", ("登录名", "用户名", "login"), text(100), hint="已有账号的填写"),
        Column("gone", ("已离职或退休", "离职", "退休"), yes_no, hint="是或否，留空为否"),
    ),
    about_zh="用于把专利分配给第一发明人并发放填报链接。同名的按院系区分；导入后在“填报链接”中重新匹配。",
    about_en="Whom patents are given to and links are sent to; namesakes are told apart by college.",
)  # fmt: skip


def write_rating_sheet(
    db: Database, org_id: int, stocktake_id: int, path: Path, college: str | None = None
) -> str:
    """Write the patents of a campaign that are left to rate as a workbook to fill in, and return the campaign's title.

    Raises: NotFound.
    Effects: writes the file.
    """
    with db.read() as session:
        title = stocktake_row(session, org_id, stocktake_id).title
    write_template(path, SELF_RATINGS, _to_fill(db, org_id, stocktake_id, title, college))
    return title


def _to_fill(
    db: Database, org_id: int, stocktake_id: int, title: str, college: str | None
) -> Iterator[dict[str, str]]:
    for state in ("returned", "waiting"):
        page, total = 1, PAGE
        while (page - 1) * PAGE < total:
            with db.read() as session:
                rows, total = items_of(session, org_id, stocktake_id, Wish(state, college), page, PAGE)
            for row in rows:
                number = display_number(row.application_no)
                yield {"number": number, "title": row.title, "inventor": row.inventor, "campaign": title}
            page += 1

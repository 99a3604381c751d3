"""Sample work with enterprises, all fictional: profiles, experts, pushes, evaluations, messages and a portal account."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from cases.db import Database
from cases.enterprise_accounts import invite
from cases.enterprise_messages import answer_message
from cases.enterprises import save_profile
from cases.evaluations import Given, keep_evaluation
from cases.experts import save_expert
from cases.key_projects import choose_project, note_resources
from cases.profiles import change_profile
from cases.pushing import Push, push_patents
from cases.scope import Person

PORTAL_LOGIN = (
    "qiheng"  # invited, without a password: an officer makes a new link on the page of the enterprise
)
PROFILES = (
    (
        ("high_tech", "little_giant"),
        "沧澜市高新区",
        ("vehicles", "materials"),
        "large",
        "entered",
        "platform",
    ),
    (("specialized",), "沧澜市滨江区", ("equipment",), "medium", "reserve", "bureau"),
    (("high_tech", "ip_advantage"), "云栖市", ("biology",), "medium", "added", "event"),
    (("tech_sme",), "望川县", ("biology",), "small", "", "association"),
    (("ip_model", "champion"), "沧澜市软件园", ("information",), "large", "", "platform"),
)
EXPERTS = (
    ("方既白", "沧澜新材料协会", ["materials", "vehicles"], "锂电池隔膜、固态电解质", "市科技局", "city"),
    ("梁仲舒", "北辰装备研究会", ["equipment", "energy"], "减速器、风电叶片", "市工信局", "province"),
    ("苏婉清", "云栖医疗器械检验中心", ["biology"], "微创器械、康复外骨骼", "市市场监管局", "own"),
)
SAID = (
    (
        (90, 40, 80),
        ("下游电池厂已有定点，预计两年内形成批量需求", "希望降低涂层厚度并提高一致性", "愿意共建中试线"),
    ),
    ((80, 60, 60), ("可以替代进口部件，成本约低三成", "高温工况下的寿命需要补充试验", "")),
    ((70, 20, 80), ("适合现有产线，导入周期短", "", "希望先许可试用半年")),
    ((40, 80, 20), ("好", "", "")),
    ((100, 0, 100), ("市场容量明确，已有三家意向客户", "", "愿意联合申报攻关项目")),
)


def fill_enterprises(
    db: Database, person: Person, companies: Sequence[int], patents: Sequence[int], today: date, now: datetime
) -> int:
    """Write the samples and return how many evaluations there are.

    Effects: writes profiles, experts, pushes, evaluations, messages, a key project and an account, by their actions.
    """
    early = now - timedelta(days=20)
    for company_id, (classes, region, industries, size, cultivation, source) in zip(
        companies, PROFILES, strict=False
    ):
        values = {
            "classes": list(classes), "region": region, "industries": list(industries), "size": size,
            "cultivation": cultivation, "source": source, "confirmed_on": (today - timedelta(days=30)).isoformat(),
        }  # fmt: skip
        save_profile(db, person, company_id, values, now=early, today=today)
    experts = [_expert(db, person, *row, now=early) for row in EXPERTS]
    asked = Push(patents[:4], list(companies[:3]), "evaluation", "与贵企业的产品方向相符")
    push_patents(db, person, asked, now=early)
    messages = [_evaluation(db, person, companies, patents, number, early) for number in range(len(SAID))]
    by_expert = Given(patents[0], (80, 0, 80), ("样品指标达到同类进口产品水平", "", ""), expert_id=experts[0])
    keep_evaluation(db, person, by_expert, now=early + timedelta(days=3))
    answer_message(
        db, person, messages[0][0], "感谢评价，课题组将于下周与贵企业联系试样", now=early + timedelta(days=4)
    )
    _key_project(db, person, patents[0], now)
    invite(db, person, companies[0], {"login": PORTAL_LOGIN, "name": "冯立", "email": ""}, now=now)
    return len(SAID) + 1


def _expert(
    db: Database, person: Person, name: str, employer: str, fields: list[str], products: str, by: str, sharing: str, *,
    now: datetime,
) -> int:  # fmt: skip
    values = {
        "name": name, "employer": employer, "fields": fields, "products": products, "recommender": by,
        "sharing": sharing,
    }  # fmt: skip
    return save_expert(db, person, values, now=now)


def _evaluation(
    db: Database,
    person: Person,
    companies: Sequence[int],
    patents: Sequence[int],
    number: int,
    early: datetime,
) -> tuple[int, ...]:
    scores, texts = SAID[number]
    given = Given(
        patents[number % 4], scores, texts, company_id=companies[number % 3], willing_to_talk=scores[2] >= 80,
        seconds=12 if texts[0] == "好" else 340,
    )  # fmt: skip
    return keep_evaluation(db, person, given, now=early + timedelta(days=number + 1, hours=number)).messages


def _key_project(db: Database, person: Person, patent_id: int, now: datetime) -> None:
    with db.cursor() as cur:
        change_profile(
            cur, person.org_id, patent_id, {"central_score": 86}, source="officer", why="集中评价得分",
            actor=person.author, now=now,
        )  # fmt: skip
    project = choose_project(db, person, patent_id, "自评与企业评价一致，已有定点客户", now=now)
    note_resources(
        db, person, project, {"pilot": (True, "沧澜中试基地"), "pledge": (False, "待银行尽调")}, now=now
    )

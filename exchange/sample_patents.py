"""Sample data: a fictional institution with patents, companies and people, the same for the same seed and day.

Every name is invented; numbers have right check digits so that they pass the same checks as real ones. A few
names use rare characters, because real inventors have them.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rules.identifiers import check_digit

INSTITUTION = "沧澜理工大学"
SEED = 20260301
PUBLIC = "12"
COMPANY = "91"
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)

SURNAMES = "林陈周沈顾江冯钱唐陆韩秦许傅崔范邵汤尹葛"
GIVEN = (
    "知远", "思齐", "允恭", "汇川", "明澈", "若虚", "清扬", "景行", "以宁", "书言", "望舒", "怀瑾", "子衿", "云帆",
    "承泽", "星野",
)  # fmt: skip
RARE = ("林㛃", "陈䶮", "周𬱖", "顾𠅤")

FIELDS: dict[str, tuple[str, str, Sequence[str], Sequence[str]]] = {
    "材料科学与工程学院": (
        "H01M", "C04B", ("锂离子电池隔膜", "陶瓷基复合材料", "高熵合金涂层", "石墨烯导热膜", "固态电解质", "耐磨涂层"),
        ("制备方法", "表面改性方法", "烧结工艺", "回收方法"),
    ),
    "机械与能源学院": (
        "F16H", "B25J", ("行星减速器", "柔性抓取机械手", "余热回收装置", "风电叶片", "精密进给平台", "液压缓冲机构"),
        ("及其控制方法", "及其装配方法", "的结构优化方法", "的在线检测方法"),
    ),
    "信息工程学院": (
        "G06V", "H04L", ("遥感图像目标", "工业缺陷图像", "边缘计算任务", "电力负荷", "多源传感数据", "语音增强模型"),
        ("识别方法及系统", "调度方法", "预测方法及装置", "融合处理方法"),
    ),
    "附属医院": (
        "A61B", "A61M", ("内窥镜辅助支架", "术中体位固定装置", "呼吸训练器", "康复外骨骼", "微流控检测芯片", "伤口敷料"),
        ("", "及其使用方法", "的制备方法", "的控制系统"),
    ),
    "农业与生物学院": (
        "A01G", "C12N", ("耐盐水稻", "食用菌菌棒", "土壤修复菌剂", "温室滴灌系统", "果品保鲜膜", "水产饲料"),
        ("的培育方法", "及其应用", "的制备方法", "的监测方法"),
    ),
}  # fmt: skip
DEVICES = ("用夹持装置", "用检测装置", "用固定支架", "用清洗机构")
KINDS = (("invention", "1", "B"), ("utility", "2", "U"), ("design", "3", "S"))
CO_OWNER = "启明新材料研究院"
COMPANIES = (
    ("启衡新材料股份有限公司", "沧澜市高新区创新路8号", "冯立"), ("澜海智能装备有限公司", "沧澜市滨江大道66号", "陆承泽"),
    ("云栖医疗器械有限公司", "云栖市健康产业园3栋", "唐若虚"), ("禾稷农业科技有限公司", "望川县农业科技园12号", "葛景行"),
    ("星澜数据技术有限公司", "沧澜市软件园2号楼", "秦星野"), ("北辰能源装备股份有限公司", "北辰市工业大道9号", "韩怀瑾"),
    ("衡岳精密制造有限公司", "衡岳市经开区18号", "许明澈"), ("青禾生物技术有限公司", "青禾市生物谷5号", "傅清扬"),
    ("海岱环保科技有限公司", "海岱市绿色产业园7号", "崔以宁"), ("长汀电子材料有限公司", "长汀市电子城21号", "范书言"),
    ("鹿鸣康复设备有限公司", "鹿鸣市医疗港4号", "邵望舒"), ("川流水务科技有限公司", "川流市水务大厦11层", "汤云帆"),
)  # fmt: skip
FOREIGN_COMPANY = ("Seehafen Membran GmbH（德国）", "Hafenstraße 5, Seehafen, Germany", "Klara Seehafen")
PEOPLE = (
    ("officer", "林知远", "officer"), ("officer2", "顾思齐", "officer"), ("approver", "周审言", "approver"),
    ("finance", "钱汇川", "finance"), ("admin", "沈管一", "administrator"), ("readonly", "严旁听", "readonly"),
    ("dean", "陆院长", "approver"), ("counsel", "沈律师", "approver"), ("secretary", "尹秘书", "approver"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SamplePatent:
    """One fictional patent; `application_no` is canonical, lists are lists of names."""

    application_no: str
    kind: str
    title: str
    owners: tuple[str, ...]
    inventors: tuple[str, ...]
    filing_date: date
    grant_date: date | None
    publication_no: str
    ipc: str
    college: str
    status: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleCompany:
    """One fictional company with a code whose check digit is right."""

    name: str
    uscc: str
    address: str
    legal_representative: str


def uscc_of(prefix: str, number: int) -> str:
    """Return a code of the right shape with its check character; the body is made of `number`."""
    base = f"{prefix}990100MA{number:07d}"
    total = sum(USCC_ALPHABET.index(char) * weight for char, weight in zip(base, USCC_WEIGHTS, strict=True))
    return base + USCC_ALPHABET[(31 - total % 31) % 31]


def sample_companies() -> tuple[SampleCompany, ...]:
    """Return the twelve companies."""
    return tuple(
        SampleCompany(name, uscc_of(COMPANY, 5_100_000 + 137 * number), address, head)
        for number, (name, address, head) in enumerate(COMPANIES, 1)
    )


def sample_patents(today: date, count: int = 200, seed: int = SEED) -> tuple[SamplePatent, ...]:
    """Return fictional patents filed in the thirteen years before `today`, no two of one number."""
    dice = random.Random(seed)  # noqa: S311  sample data, no secret
    return tuple(_patent(dice, number, today) for number in range(count))


def _patent(dice: random.Random, number: int, today: date) -> SamplePatent:
    kind, digit, suffix = dice.choices(KINDS, (70, 22, 8))[0]
    college = dice.choice(tuple(FIELDS))
    first_class, second_class, things, endings = FIELDS[college]
    filed = today - timedelta(days=dice.randint(200, 13 * 365))
    thing = dice.choice(things)
    title = {
        "invention": f"一种{thing}{dice.choice(endings)}",
        "utility": f"一种{thing}{dice.choice(DEVICES)}",  # a utility model protects a thing, never a method
        "design": thing,
    }[kind]
    base = f"{filed.year}{digit}{dice.randint(0, 8)}{number:06d}"
    lag = dice.randint(500, 1200) if kind == "invention" else dice.randint(150, 300)
    granted = filed + timedelta(days=lag)
    status = _status(dice, kind, filed, granted, today)
    return SamplePatent(
        application_no=base + check_digit(base),
        kind=kind,
        title=title,
        owners=(INSTITUTION, CO_OWNER) if dice.random() < 0.06 else (INSTITUTION,),
        inventors=_inventors(dice),
        filing_date=filed,
        grant_date=granted if status != "pending" else None,
        publication_no=f"CN{digit}{dice.randint(10, 29)}{number:06d}{suffix if status != 'pending' else 'A'}",
        ipc=f"{dice.choice((first_class, second_class))}{dice.randint(1, 60)}/{dice.randint(0, 99):02d}",
        college=college,
        status=status,
        flags=_flags(dice, status),
    )


def _status(dice: random.Random, kind: str, filed: date, granted: date, today: date) -> str:
    years = {"invention": 20, "utility": 10, "design": 15}[kind]
    if granted > today:
        return "pending"
    if filed.replace(day=1, year=filed.year + years) <= today:
        return "expired"
    drawn = dice.choices(("in_force", "in_grace", "lapsed"), (89, 8, 3))[0]
    return "in_force" if drawn == "in_grace" and not _is_fee_late(filed, today) else drawn


def _is_fee_late(filed: date, today: date) -> bool:
    """Say whether a fee that fell due on the last anniversary is in its grace period today."""
    return 7 < (today - timedelta(days=1) - filed).days % 365.25 < 150


def _flags(dice: random.Random, status: str) -> tuple[str, ...]:
    if status == "pending":
        return ()
    drawn = (("state_funded", 0.3), ("pledged", 0.03), ("ordinary_license", 0.04), ("evaluation_report", 0.2))
    return tuple(flag for flag, chance in drawn if dice.random() < chance)


def _inventors(dice: random.Random) -> tuple[str, ...]:
    names = [dice.choice(SURNAMES) + dice.choice(GIVEN) for _ in range(dice.randint(1, 5))]
    if dice.random() < 0.08:
        names.insert(0, dice.choice(RARE))
    return tuple(dict.fromkeys(names))

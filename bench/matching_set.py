"""The labelled set of matching: fictional demands, fictional patents, and how well each patent serves each demand.

`bench/matching_set.txt` is written by hand; patents of fields that no demand asks for are put together here, so that
the good ones stand among many. `docs/matching.md` tells how the set was made and what it cannot show.
"""

from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("matching_set.txt")
THINGS = (
    ("自行车变速器", "B62M9/12"), ("雨伞骨架", "A45B25/02"), ("钢琴击弦机", "G10C3/18"), ("拉链", "A44B19/00"),
    ("乒乓球发球机", "A63B69/40"), ("滑雪板固定器", "A63C9/08"), ("鞋底", "A43B13/14"), ("帐篷撑杆", "E04H15/00"),
    ("自动麻将桌", "A63F9/20"), ("缝纫机梭芯", "D05B57/00"), ("灭蚊灯", "A01M1/04"), ("宠物项圈", "A01K27/00"),
    ("印章", "B41K1/36"), ("口红管", "A45D40/04"), ("窗帘轨道", "A47H1/04"), ("行李箱拉杆", "A45C13/26"),
    ("折叠梯", "E06C1/383"), ("钥匙扣", "A44B15/00"), ("烟花发射筒", "F42B4/06"), ("钓鱼线轮", "A01K89/01"),
    ("指甲钳", "A45D29/02"), ("婚纱裙撑", "A41D27/00"), ("弓弦乐器琴码", "G10D3/04"), ("硬币清点机", "G07D9/00"),
    ("泳镜", "A63B33/00"), ("旗杆", "E04H12/32"),
)  # fmt: skip
FORMS = (
    "一种{}的装配方法", "一种{}的防松结构", "一种可调节的{}", "一种{}的寿命试验装置", "一种轻量化{}", "一种{}的注塑模具",
    "一种{}外观检测方法", "一种便于更换的{}组件",
)  # fmt: skip


class LabelledPatent(NamedTuple):
    """A patent of the set."""

    id: int
    title: str
    scenario: str
    ipc: str


@dataclass(frozen=True)
class LabelledDemand:
    """A demand of the set; `grades` holds the patents that serve it, 3 at once, 2 improved, 1 hardly."""

    id: int
    title: str
    text: str
    industries: tuple[str, ...]
    grades: dict[int, int]


def labelled() -> tuple[list[LabelledDemand], list[LabelledPatent]]:
    """Return the demands and the patents."""
    demands: list[LabelledDemand] = []
    patents: list[LabelledPatent] = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        mark, _, rest = line.partition(" ")
        cells = [cell.strip() for cell in rest.split("|")]
        if mark == "D":
            demands.append(
                LabelledDemand(len(demands) + 1, cells[0], cells[1], tuple(cells[2].split(",")), {})
            )
        elif mark != "#":
            patents.append(LabelledPatent(len(patents) + 1, *cells))
            if mark != "0":
                demands[-1].grades[len(patents)] = int(mark)
    for (thing, ipc), form in product(THINGS, FORMS):
        patents.append(LabelledPatent(len(patents) + 1, form.format(thing), "", ipc))
    return demands, patents

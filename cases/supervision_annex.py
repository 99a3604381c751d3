"""A table of tasks to begin with: the four tasks of the Fuzhou plan, with who does what; the bureau changes it.

Source: S3 annex (高校和科研机构存量专利盘活工作实施方案重点任务分解表), units named in general
"""

from datetime import date, datetime

from cases.db import Database, cursor_of
from cases.errors import Conflict
from cases.registers import check_editor, write_row
from cases.scope import Person
from cases.supervision_registers import TASKS
from cases.trail import append_org, hold_org

_UNITS = (
    "市知识产权局、教育、科技、工信、农业农村、卫生健康主管部门；各县（市）区相应管理部门；各高校和科研机构"
)
_EVALUATORS = "市知识产权局、科技、工信、国资主管部门；各县（市）区相应管理部门"
FIRST = "（一）全面盘点，分级分类构建存量专利基础库"
SECOND = "（二）综合评价，引入市场主体评估专利价值"
THIRD = "（三）精准施策，高效推动高价值专利转化运用"
FOURTH = "（四）做优增量，聚焦市场需求提升专利质量"
# Task, content, duty, unit; the last has no day in the annex.
ROWS: tuple[tuple[str, str, str, str, str], ...] = (
    (FIRST, "高校和科研机构对本单位授权的存量专利进行全面盘点，试点示范高校等率先启动。",
     "各级各部门做好所属高校和科研机构盘点和转化运用的组织动员、督促指导。", _UNITS, ""),
    (FIRST, "构建全市专利转化资源库，为有关部门、高校和科研机构分配专用账号，优先盘点重点产业、优势学科的发明专利。",
     "各级各部门做好情况统计和梳理，及时交同级知识产权管理部门汇总。", _UNITS, ""),
    (SECOND, "组织优势示范企业、高新技术企业、专精特新中小企业、国有企业等在综合服务平台注册，推荐懂技术和产品的专家入库。",
     "知识产权部门负责优势示范企业，科技部门负责高新技术企业，工信部门负责专精特新中小企业，国资部门负责所出资企业。",
     _EVALUATORS, ""),
    (SECOND, "组织企业对相关专利进行需求评估，并反馈至综合服务平台。", "按前项分工组织动员和督促指导。", _EVALUATORS, ""),
    (THIRD, "组织高校和科研机构与企业常态化对接推广，开展技术验证和熟化、路演推介、交易撮合等活动，各县（市）区每年不少于1场次；"
     "及时办理转让登记或许可合同备案，并反馈交易信息。", "各级知识产权部门会同相关部门组织对接和产业化合作。", _UNITS, ""),
    (FOURTH, "根据企业反馈改进专利技术或联合攻关；建立健全专利申请前评估制度、财政资助项目声明制度和尽职免责相关制度。",
     "各部门结合实际优化调整自身领域相关管理制度，突出专利质量和产业化导向。", _UNITS, "持续推动"),
)  # fmt: skip


def adopt_annex(db: Database, person: Person, today: date, now: datetime) -> int:
    """Write the rows of the annex, due at the end of this year, and return how many there are.

    Raises: Forbidden; Conflict if there are tasks already.
    Effects: writes bureau_task and an entry of the bureau's trail.
    """
    check_editor(person, TASKS)
    with db.write() as session:
        hold_org(cursor_of(session, db.postgres), person.org_id)
        if cursor_of(session, db.postgres).one(
            "SELECT 1 FROM bureau_task WHERE org_id = ? LIMIT 1", person.org_id
        ):
            raise Conflict("任务分解表中已有内容，请直接修改", "there are tasks already")
        for area, content, duty, unit, note in ROWS:
            typed = {
                "area": area, "content": content, "duty": duty, "unit": unit, "due_note": note, "status": "open",
                "due_on": "" if note else date(today.year, 12, 31).isoformat(),
            }  # fmt: skip
            write_row(session, person, TASKS, typed, row_id=None, is_repeatable=False, now=now)
        body = {"register": TASKS.name, "rows": len(ROWS)}
        append_org(cursor_of(session, db.postgres), person.org_id, person.author, TASKS.verb, body, now)
    return len(ROWS)

"""What `make run` does before serving: migrate, fill an empty record with sample data, print how to sign in.

Safe to repeat: a record that holds an organization is left alone; sign-in links are new each time and work once.
"""

import sys
from datetime import UTC, datetime

from sqlmodel import select

from cases.db import Database
from cases.people import make_sign_in_link, people_of, supervisors
from cases.settings import SHANGHAI, Settings
from cases.tables import Organization
from desk.sample import fill
from exchange.upgrading import upgrade_record
from states.decide import ROLES


def prepare(settings: Settings) -> list[str]:
    """Bring the record up to date and return the lines to print."""
    settings.home.mkdir(parents=True, exist_ok=True)
    db = Database(settings.database_url)
    done = upgrade_record(db, settings, datetime.now(UTC), backup_to=settings.backups)
    with db.read() as session:
        organization = session.exec(select(Organization)).first()
    lines = [f"数据库结构 {done.before} → {done.after}，升级前的备份：{done.backup}"] if done.backup else []
    if organization is None:
        filled = fill(db, datetime.now(SHANGHAI))
        lines.append(f"已写入示例数据：{filled}")
    with db.read() as session:
        first = session.exec(select(Organization.id).order_by(Organization.id)).first()  # type: ignore[arg-type]
        people = [*people_of(session, int(first or 0)), *supervisors(session)]
    lines.append(f"盘活 Panhuo：{settings.base_url}   （Ctrl-C 停止）")
    lines.append("一次性登录地址（24小时内有效，每个只能用一次）：")
    for role in ("officer", "approver", "finance", "administrator", "readonly", "supervisor"):
        person = next((found for found in people if found.role == role), None)
        if person:
            token = make_sign_in_link(db, person.id)
            lines.append(f"  {ROLES[role][0]} {person.name}\t{settings.base_url}/sign-in/{token}")
    db.dispose()
    return lines


def main() -> int:
    """Prepare, and print the address and the one-time sign-ins."""
    sys.stdout.write("\n".join(prepare(Settings.from_environment())) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

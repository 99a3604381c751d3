"""Failures of actions, one class per failure; `kind` is what the doors map to a status or exit code.

Messages are Chinese, with an English twin, and say what to do next.
"""

from typing import Literal

from states.plan import Refusal, Unmet

Kind = Literal["missing", "forbidden", "conflict", "invalid", "refused"]


class ActionError(Exception):
    """An action that changed nothing. `message` is for people, `kind` for the doors."""

    kind: Kind = "invalid"

    def __init__(self, message: str, message_en: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.message_en = message_en or message


class NotFound(ActionError):
    """The thing does not exist in this organization."""

    kind: Kind = "missing"


class Forbidden(ActionError):
    """The actor's role may not do this."""

    kind: Kind = "forbidden"


class Stale(ActionError):
    """Somebody else changed the case first; the message names who and what."""

    kind: Kind = "conflict"


class Conflict(ActionError):
    """The thing clashes with something that is already there."""

    kind: Kind = "conflict"


class NewerSchema(Conflict):
    """The database was made by a newer release than this program."""

    def __init__(self, revision: str, known: str) -> None:
        super().__init__(
            f"数据库结构版本为{revision}，高于本程序的{known}：它由更新的版本建立，没有改动任何数据。"
            "请安装更新的程序，或把升级前的备份恢复到空的数据库",
            f"the database is at schema {revision}, newer than this program's {known}; nothing was changed. "
            "Install the newer program, or restore the backup made before the upgrade",
        )


class Invalid(ActionError):
    """The input is wrong; `fields` maps field names to what is wrong with each."""

    kind: Kind = "invalid"

    def __init__(self, message: str, fields: dict[str, str] | None = None, message_en: str = "") -> None:
        super().__init__(message, message_en)
        self.fields = fields or {}


class Refused(ActionError):
    """The step is not possible now; `unmet` holds every condition that is not met."""

    kind: Kind = "refused"

    def __init__(self, refusal: Refusal, label: tuple[str, str]) -> None:
        reasons = "；".join(unmet.what_zh for unmet in refusal.unmet)
        reasons_en = "; ".join(unmet.what_en for unmet in refusal.unmet)
        super().__init__(f"不能办理“{label[0]}”：{reasons}", f"cannot {label[1]}: {reasons_en}")
        self.event = refusal.event
        self.unmet: tuple[Unmet, ...] = refusal.unmet
        if any(unmet.code == "role" for unmet in refusal.unmet):
            self.kind = "forbidden"

"""Failures of actions, one class per failure; `kind` is what the doors map to a status or exit code.

Messages are Chinese, with an English twin, and say what to do next.
"""

from typing import Literal

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


class Invalid(ActionError):
    """The input is wrong; `fields` maps field names to what is wrong with each."""

    kind: Kind = "invalid"

    def __init__(self, message: str, fields: dict[str, str] | None = None, message_en: str = "") -> None:
        super().__init__(message, message_en)
        self.fields = fields or {}

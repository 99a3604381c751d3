"""The form in which an officer records a look at the patent register."""

from collections.abc import Mapping, Sequence

from cases.patent_register import STATUSES
from cases.patents import PatentView
from desk.web import labels
from desk.web.desk_state import Visit
from desk.web.forms import Field

FLAGS_HELP = "登记簿上没有的不选；选中的事项会影响各种转化方式能否办理"


def look_fields(
    patent: PatentView,
    visit: Visit,
    typed: Mapping[str, str] | None = None,
    flags: Sequence[str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> tuple[Field, ...]:
    """Return the fields; `typed`, `flags` and `errors` are those of a form that was refused."""
    words, given, wrong = visit.words, typed or {}, errors or {}
    statuses = tuple((slug, words.pick(*labels.PATENT_STATUS[slug])) for slug in STATUSES)
    choices = tuple((slug, words.pick(*label)) for slug, label in labels.FLAG.items())
    return (
        Field(
            "register_checked_on", words("登记簿核查日期"), "date", required=True,
            value=given.get("register_checked_on", visit.today.isoformat()), error=wrong.get("register_checked_on", ""),
        ),
        Field(
            "evidence", words("核查依据"), required=True, help=words("查的是什么，例如登记簿副本编号"),
            value=given.get("evidence", ""), error=wrong.get("evidence", ""),
        ),
        Field(
            "status", words("法律状态"), "select", options=statuses, value=given.get("status", patent.status),
            error=wrong.get("status", ""),
        ),
        Field(
            "flags", words("登记事项"), "multi", options=choices, help=words(FLAGS_HELP),
            values=tuple(patent.flags if flags is None else flags), error=wrong.get("flags", ""),
        ),
    )  # fmt: skip

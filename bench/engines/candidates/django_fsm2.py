"""django-fsm-2 with django-fsm-log: `FSMField` on a Django model, each transition logged by the library's own StateLog.

Set up as both documentations show: transitions with a condition, `@fsm_log_by` and `@fsm_log_description`, which keeps
the payload. One transaction: read the case with its patent, transition (the log row is written by a signal), save.
"""

import json
import sys
from datetime import date

import django_setting
from protocol import NOW, ROLES, run

django_setting.configure("django_fsm_log")

from django.db import models, transaction  # noqa: E402  Django is set up first
from django_fsm import FSMField, can_proceed, has_transition_perm  # noqa: E402
from django_fsm import transition as transition_of  # noqa: E402
from django_fsm_log.decorators import fsm_log_by, fsm_log_description  # noqa: E402
from django_fsm_log.models import StateLog  # noqa: E402

RUNNING, PAUSED = "publicity_running", "publicity_paused"


class Patent(models.Model):
    """A patent."""

    status = models.CharField(max_length=20, default="in_force")

    class Meta:
        app_label = "bench"


def is_in_force(case: "Case") -> bool:
    """The one guard: the patent is in force."""
    return case.patent.status == "in_force"


def is_officer(event: str):
    """The permission of a step."""
    return lambda _case, user: "officer" in ROLES[event] and user.username == "officer"


class Case(models.Model):
    """A case."""

    number = models.CharField(max_length=20, unique=True)
    patent = models.ForeignKey(Patent, on_delete=models.PROTECT)
    state = FSMField(default=RUNNING, protected=True)
    data = models.JSONField(default=dict)
    version = models.IntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        app_label = "bench"

    @fsm_log_by
    @fsm_log_description
    @transition_of(
        state, source=RUNNING, target=RUNNING, conditions=[is_in_force], permission=is_officer("clear_title")
    )
    def clear_title(self, payload: dict, by=None, description=None) -> None:
        self.data["title"] = payload

    @fsm_log_by
    @fsm_log_description
    @transition_of(
        state,
        source=RUNNING,
        target=PAUSED,
        conditions=[is_in_force],
        permission=is_officer("raise_objection"),
    )
    def raise_objection(self, payload: dict, by=None, description=None) -> None:
        self.data["objection"] = payload

    @fsm_log_by
    @fsm_log_description
    @transition_of(
        state,
        source=PAUSED,
        target=RUNNING,
        conditions=[is_in_force],
        permission=is_officer("resolve_objection"),
    )
    def resolve_objection(self, payload: dict, by=None, description=None) -> None:
        self.data["objection"] = {**self.data["objection"], **payload}


def main() -> None:
    """Run."""
    django_setting.make_tables(Patent, Case)
    officer = django_setting.make_officer()
    numbers = iter(range(10**9))

    def open_case() -> int:
        patent = Patent.objects.create()
        return Case.objects.create(number=f"ZH2026-{next(numbers):05d}", patent=patent, updated_at=NOW).pk

    def take(case_id: int, event: str, _name: str, payload: dict[str, str], on: date) -> None:
        with transaction.atomic():
            case = Case.objects.select_related("patent").select_for_update().get(pk=case_id)
            method = getattr(case, event)
            if not has_transition_perm(method, officer) or not can_proceed(method):
                raise SystemExit("refused")
            told = json.dumps({**payload, "on": on.isoformat()}, ensure_ascii=False)
            method(payload, by=officer, description=told)
            case.version, case.updated_at = case.version + 1, NOW
            case.save(update_fields=["state", "data", "version", "updated_at"])

    run(open_case, take, int(sys.argv[3]))
    if StateLog.objects.count() != 6 * int(sys.argv[3]):
        raise SystemExit("not everything was written")


main()

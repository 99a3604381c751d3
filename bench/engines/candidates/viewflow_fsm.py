"""django-viewflow: `viewflow.fsm.State` over a Django model, with an audit row of its own.

Set up as its documentation shows: a flow class with a state field, transitions with a condition and a permission, and
the model's field as getter and setter of the state. One transaction: read the case with its patent, transition, save the
changed fields, write the audit row.
"""

import json
import sys
from datetime import date

import django_setting
from protocol import NOW, ROLES, run

django_setting.configure()

from django.db import models, transaction  # noqa: E402  Django is set up first
from viewflow.fsm import State  # noqa: E402

RUNNING, PAUSED = "publicity_running", "publicity_paused"


class Patent(models.Model):
    """A patent."""

    status = models.CharField(max_length=20, default="in_force")

    class Meta:
        app_label = "bench"


class Case(models.Model):
    """A case."""

    number = models.CharField(max_length=20, unique=True)
    patent = models.ForeignKey(Patent, on_delete=models.PROTECT)
    state = models.CharField(max_length=50, default=RUNNING)
    data = models.JSONField(default=dict)
    version = models.IntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        app_label = "bench"


class Audit(models.Model):
    """What happened."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT)
    seq = models.IntegerField()
    at = models.DateTimeField()
    actor_id = models.IntegerField()
    actor = models.CharField(max_length=50)
    verb = models.CharField(max_length=50)
    before = models.CharField(max_length=50)
    after = models.CharField(max_length=50)
    payload = models.JSONField()

    class Meta:
        app_label = "bench"
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="uq_audit")]


def is_in_force(flow: "Flow") -> bool:
    """The one guard: the patent is in force."""
    return flow.case.patent.status == "in_force"


def is_officer(event: str):
    """The permission of a step."""
    return lambda _flow, user: user.role in ROLES[event]


class User:
    """Who acts."""

    role = "officer"


class Flow:
    """The chart."""

    state = State([(RUNNING, RUNNING), (PAUSED, PAUSED)], default=RUNNING)

    def __init__(self, case: Case) -> None:
        self.case = case

    @state.setter()
    def _set(self, value: str) -> None:
        self.case.state = value

    @state.getter()
    def _get(self) -> str:
        return self.case.state

    @state.transition(
        source=RUNNING, target=RUNNING, conditions=[is_in_force], permission=is_officer("clear_title")
    )
    def clear_title(self, payload: dict) -> None:
        self.case.data["title"] = payload

    @state.transition(
        source=RUNNING, target=PAUSED, conditions=[is_in_force], permission=is_officer("raise_objection")
    )
    def raise_objection(self, payload: dict) -> None:
        self.case.data["objection"] = payload

    @state.transition(
        source=PAUSED, target=RUNNING, conditions=[is_in_force], permission=is_officer("resolve_objection")
    )
    def resolve_objection(self, payload: dict) -> None:
        self.case.data["objection"] = {**self.case.data["objection"], **payload}


def main() -> None:
    """Run."""
    django_setting.make_tables(Patent, Case, Audit)
    officer, user = django_setting.make_officer(), User()
    numbers = iter(range(10**9))

    def open_case() -> int:
        patent = Patent.objects.create()
        return Case.objects.create(number=f"ZH2026-{next(numbers):05d}", patent=patent, updated_at=NOW).pk

    def take(case_id: int, event: str, _name: str, payload: dict[str, str], on: date) -> None:
        with transaction.atomic():
            case = Case.objects.select_related("patent").select_for_update().get(pk=case_id)
            flow, before = Flow(case), case.state
            method = getattr(flow, event)
            if not method.has_perm(user) or not method.can_proceed():
                raise SystemExit("refused")
            method(payload)
            case.version, case.updated_at = case.version + 1, NOW
            case.save(update_fields=["state", "data", "version", "updated_at"])
            Audit.objects.create(
                case=case, seq=case.version, at=NOW, actor_id=officer.pk, actor=officer.first_name, verb=event,
                before=before, after=case.state, payload={**payload, "on": on.isoformat()},
            )  # fmt: skip

    run(open_case, take, int(sys.argv[3]))
    if Audit.objects.count() != 6 * int(sys.argv[3]) or json.dumps(Case.objects.first().data) == "{}":
        raise SystemExit("not everything was written")


main()

"""Steps 步骤: what can be done next, why not, do it, what if; and the commercial terms 商务条款."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from cases.advance import advance
from cases.impact import impact_of
from cases.views import case_page, explain, steps_of
from cases.whatif import Supposed, preview_terms, simulate
from desk.api.asking import MAX_ID, Asking, Reading, Writing
from desk.api.cases import CaseName
from desk.api.routes import ApiRoute
from desk.migration_shapes import ImpactShape
from desk.planned import SimulationShape
from desk.shapes import AdvancedShape, StepShape

router = APIRouter(prefix="/cases/{case}", tags=["steps 步骤"], route_class=ApiRoute)
EventName = Annotated[str, Path(max_length=50, description="步骤, like agree_price")]
Version = Annotated[int, Field(ge=1, le=MAX_ID, description="案件当前版本号, as shown by the case")]
MAX_SUPPOSED = 50


class StepsShape(BaseModel):
    """The steps that the case offers 可办理步骤, each possible or with all that is unmet."""

    case: str
    version: int
    steps: list[StepShape]


class Taking(BaseModel):
    """A step to take 办理."""

    model_config = ConfigDict(extra="forbid")

    payload: dict[str, Any] = Field(default_factory=dict, description="办理内容; GET tells the fields")
    expected_version: Version
    on: date | None = Field(default=None, description="办理日期, today or earlier; today if left out")


class Trying(BaseModel):
    """A step to look at before it is taken 待办理的步骤."""

    model_config = ConfigDict(extra="forbid")

    payload: dict[str, Any] = Field(default_factory=dict)
    on: date | None = Field(default=None, description="办理日期, today if left out")


class NewTerms(BaseModel):
    """New commercial terms 商务条款. A text is read as typed (元), a number as stored (分)."""

    model_config = ConfigDict(extra="forbid")

    terms: dict[str, Any]
    reason: str = Field(default="", max_length=2000, description="修改原因")
    expected_version: Version


class TermsOnly(BaseModel):
    """Terms to look at before they are saved 待保存的商务条款."""

    model_config = ConfigDict(extra="forbid")

    terms: dict[str, Any]


class VoidsShape(BaseModel):
    """What new terms would void 将失效的事项: price, publicity, approval, contract."""

    voids: list[str]


class SupposedStep(BaseModel):
    """One supposed step 假设的步骤."""

    model_config = ConfigDict(extra="forbid")

    event: str = Field(max_length=50)
    payload: dict[str, Any] = Field(default_factory=dict)
    on: date | None = Field(default=None, description="假设的办理日期, also in the future")


class Supposing(BaseModel):
    """A chain of supposed steps 模拟."""

    model_config = ConfigDict(extra="forbid")

    events: list[SupposedStep] = Field(min_length=1, max_length=MAX_SUPPOSED)


@router.get("/steps", summary="List the next steps 可办理步骤")
def steps(
    ask: Reading,
    case: CaseName,
    everywhere: Annotated[
        bool, Query(description="also the steps of other places, and why not 含其他环节的步骤")
    ] = False,
) -> StepsShape:
    with ask.db.read() as session:
        loaded, found = steps_of(
            ask.db, session, ask.person, ask.case_id(session, case), ask.today, everywhere=everywhere
        )
        shown = [StepShape.of(option) for option in found]
        return StepsShape(case=loaded.facts.case_no, version=loaded.version, steps=shown)


@router.get("/steps/{event}", summary="Explain why a step is or is not possible 为何不能办理")
def why(ask: Reading, case: CaseName, event: EventName) -> StepShape:
    with ask.db.read() as session:
        case_id = ask.case_id(session, case)
        return StepShape.of(explain(ask.db, session, ask.person, case_id, event, ask.today))


@router.post("/steps/{event}", response_model=AdvancedShape, summary="Take a step 办理")
def take(ask: Writing, case: CaseName, event: EventName, body: Taking) -> Response:
    def act() -> AdvancedShape:
        return _advance(ask, case, event, body.payload, body.expected_version, body.on)

    return ask.once(act, asked=body, resumable=True)


@router.post("/steps/{event}/preview", summary="Tell what a step would take away 预览办理影响")
def impact(ask: Reading, case: CaseName, event: EventName, body: Trying) -> ImpactShape:
    with ask.db.read() as session:
        case_id = ask.case_id(session, case)
        page = case_page(ask.db, session, ask.person, case_id, ask.today)
        supposed = Supposed(event, body.payload, body.on or ask.today)
        (outcome,) = simulate(ask.db, session, ask.person, case_id, (supposed,))
        return ImpactShape.of(impact_of(page, outcome))


@router.put("/terms", response_model=AdvancedShape, summary="Save the terms 保存商务条款")
def put_terms(ask: Writing, case: CaseName, body: NewTerms) -> Response:
    def act() -> AdvancedShape:
        payload = {"terms": body.terms, "reason": body.reason}
        return _advance(ask, case, "edit_terms", payload, body.expected_version, None)

    return ask.once(act, asked=body, resumable=True)


def _advance(
    ask: Asking, case: str, event: str, payload: dict[str, Any], version: int, on: date | None
) -> AdvancedShape:
    with ask.db.read() as session:
        case_id = ask.case_id(session, case)
    done = advance(
        ask.db, case_id, event, ask.person, payload, expected_version=version, today=ask.day(on), now=ask.now,
        action_key=ask.action_key,
    )  # fmt: skip
    return AdvancedShape.of(done)


@router.post("/terms/preview", summary="Tell what new terms would void 预览修改影响")
def preview(ask: Reading, case: CaseName, body: TermsOnly) -> VoidsShape:
    with ask.db.read() as session:
        case_id = ask.case_id(session, case)
        voids = preview_terms(ask.db, session, ask.person, case_id, body.terms, ask.today)
        return VoidsShape(voids=list(voids))


@router.post("/simulate", summary="Suppose steps without writing anything 模拟")
def suppose(ask: Reading, case: CaseName, body: Supposing) -> SimulationShape:
    supposed = [Supposed(step.event, step.payload, step.on or ask.today) for step in body.events]
    with ask.db.read() as session:
        case_id = ask.case_id(session, case)
        number = ask.number_of(session, case_id)
        return SimulationShape.of(number, simulate(ask.db, session, ask.person, case_id, supposed))

"""Which terms, documents and titles each conversion mode has. One entry per mode slug."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.exclusive_license import ExclusiveLicenseTerms

_PUBLICITY = frozenset(
    {
        "project_name",
        "purpose",
        "acts",
        "products",
        "territory",
        "start",
        "end",
        "sublicense_allowed",
        "price_method",
        "royalty_free",
        "entry_fee_fen",
        "instalments",
        "royalty",
        "milestones",
        "service_fee_fen",
    }
)
_ADMINISTRATIVE = frozenset({"signing_date", "signing_place", "copies"})


@dataclass(frozen=True)
class ModeContract:
    """What a conversion mode puts on paper.

    `bound` names, per binding group, the fields whose change voids what was bound to them: `publicity` is
    what the publicity showed, `approval` every commercial field.
    """

    slug: str
    title_zh: str
    title_en: str
    kind_zh: str
    kind_en: str
    terms: type[ExclusiveLicenseTerms]
    documents: tuple[str, ...]
    bound: Mapping[str, frozenset[str]]
    groups: tuple[tuple[str, str, str], ...]


LICENSE_GROUPS = (
    ("scope", "许可范围", "Scope"),
    ("price", "价款", "Price"),
    ("royalty", "提成费", "Royalty"),
    ("payment", "付款责任", "Payment"),
    ("technology", "技术资料与服务", "Technology"),
    ("patent", "专利权维持与保护", "Patent upkeep"),
    ("general", "一般条款", "General"),
)

MODES: dict[str, ModeContract] = {
    "exclusive_license": ModeContract(
        slug="exclusive_license",
        title_zh="专利实施许可合同",
        title_en="Patent License Contract",
        kind_zh="独占许可",
        kind_en="exclusive license",
        terms=ExclusiveLicenseTerms,
        documents=(
            "contract",
            "filing_form",
            "publicity_notice",
            "approval_form",
            "power_of_attorney",
            "filing_cover",
        ),
        bound={
            "publicity": _PUBLICITY,
            "approval": frozenset(ExclusiveLicenseTerms.model_fields) - _ADMINISTRATIVE,
        },
        groups=LICENSE_GROUPS,
    )
}

"""Which terms, documents and titles each conversion mode has. One entry per mode slug."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.exclusive_license import ExclusiveLicenseTerms
from contracts.license import LicenseTerms
from contracts.ordinary_license import OrdinaryLicenseTerms
from contracts.sole_license import SoleLicenseTerms

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
    what the publicity showed, `approval` every commercial field. `needs_co_owners` says whether the law asks
    every co-owner's consent.
    """

    slug: str
    title_zh: str
    title_en: str
    kind_zh: str
    kind_en: str
    terms: type[LicenseTerms]
    documents: tuple[str, ...]
    bound: Mapping[str, frozenset[str]]
    groups: tuple[tuple[str, str, str], ...]
    needs_co_owners: bool = True


LICENSE_GROUPS = (
    ("scope", "许可范围", "Scope"),
    ("price", "价款", "Price"),
    ("royalty", "提成费", "Royalty"),
    ("payment", "付款责任", "Payment"),
    ("technology", "技术资料与服务", "Technology"),
    ("patent", "专利权维持与保护", "Patent upkeep"),
    ("general", "一般条款", "General"),
)


def _license(
    slug: str, kind_zh: str, kind_en: str, terms: type[LicenseTerms], *, needs_co_owners: bool = True
) -> ModeContract:
    return ModeContract(
        slug=slug,
        title_zh="专利实施许可合同",
        title_en="Patent License Contract",
        kind_zh=kind_zh,
        kind_en=kind_en,
        terms=terms,
        documents=(
            "contract",
            "filing_form",
            "publicity_notice",
            "approval_form",
            "power_of_attorney",
            "filing_cover",
        ),
        bound={"publicity": _PUBLICITY, "approval": frozenset(terms.model_fields) - _ADMINISTRATIVE},
        groups=LICENSE_GROUPS,
        needs_co_owners=needs_co_owners,
    )


MODES: dict[str, ModeContract] = {
    mode.slug: mode
    for mode in (
        _license(
            "ordinary_license", "普通许可", "ordinary license", OrdinaryLicenseTerms, needs_co_owners=False
        ),
        _license("sole_license", "排他许可", "sole license", SoleLicenseTerms),
        _license("exclusive_license", "独占许可", "exclusive license", ExclusiveLicenseTerms),
    )
}

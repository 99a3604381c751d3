"""Commercial terms of a sole license (排他许可): one licensee, and the licensor itself may work the patent."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from contracts.clauses import resting_on
from contracts.fields import Option, one_of, shown
from contracts.license import LicenseTerms, license_contract
from contracts.license_clauses import LICENSE_CLAUSES
from contracts.license_fields import DEFENDERS

OWN_WORKING = (
    Option(
        "one_license",
        "无独立实施条件的，可以一个普通许可视为自行实施",
        "one ordinary license counts as own working if the licensor cannot work the patent",
    ),
    Option(
        "itself",
        "仅限许可人自行实施",
        "the licensor's own working only",
    ),
)


class SoleLicenseTerms(LicenseTerms):
    """The terms of one sole license, with how far the licensor's own working goes.

    Source: 技术合同纠纷解释 arts 25, 27
    """

    own_working: Annotated[Literal["one_license", "itself"], one_of(OWN_WORKING)] = shown(
        "许可人的自行实施",
        "Licensor's own working",
        "scope",
        "select",
        "《技术合同纠纷解释》第二十七条；双方另有约定的从其约定",
        options=OWN_WORKING,
        default="one_license",
    )
    infringement_lead: Annotated[Literal["licensee", "licensor", "joint"], one_of(DEFENDERS)] = shown(
        "第三方侵权的应对",
        "Acting against infringers",
        "patent",
        "select",
        options=DEFENDERS,
        default="joint",
    )

    def particulars(self) -> Mapping[str, bool]:
        """Return what the clause texts ask of this kind."""
        return {"one_license": self.own_working == "one_license"}


_AGAINST_KIND = re.compile(
    r"(?<!被)许可人(自身)?(不得|不能|不可以|不再)[^。；，许]{0,4}实施"
    r"|(?<!被)许可人(可以|有权|保留)[^。；，]{0,8}许可(多|若干|任何|其他)"
)
CONTRACT = license_contract(
    "sole_license",
    "排他许可",
    "sole license",
    SoleLicenseTerms,
    _AGAINST_KIND,
    resting_on(LICENSE_CLAUSES, grant="技术合同纠纷解释27"),
)

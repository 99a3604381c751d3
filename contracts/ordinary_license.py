"""Commercial terms of an ordinary license (普通许可): the licensor may work the patent and license others."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

from contracts.clauses import resting_on
from contracts.fields import YES_NO, Flag, Option, one_of, shown
from contracts.license import LicenseTerms, license_contract
from contracts.license_clauses import LICENSE_CLAUSES

DEFENDERS = (
    Option("licensor", "许可人行动", "licensor acts"),
    Option("licensee", "经许可人授权，由被许可人行动", "licensee acts on the licensor's authority"),
    Option("joint", "双方共同", "jointly"),
)


class OrdinaryLicenseTerms(LicenseTerms):
    """The terms of one ordinary license, with whether later licensees may be treated better.

    Source: 技术合同纠纷解释 art 25
    """

    equal_terms: Flag = shown(
        "同等优惠",
        "Most favored terms",
        "price",
        "select",
        "许可人以更低的许可费许可他人的，被许可人可以要求同等条件",
        options=YES_NO,
        default=False,
    )
    infringement_lead: Annotated[Literal["licensee", "licensor", "joint"], one_of(DEFENDERS)] = shown(
        "第三方侵权的应对",
        "Acting against infringers",
        "patent",
        "select",
        options=DEFENDERS,
        default="licensor",
    )

    def particulars(self) -> Mapping[str, bool]:
        """Return what the clause texts ask of this kind."""
        return {"equal_terms": self.equal_terms}

    def cross_problems(self) -> Iterable[tuple[str, str]]:
        """Yield what is wrong between fields."""
        yield from super().cross_problems()
        if self.equal_terms and self.royalty_free:
            yield "equal_terms", "免费许可没有更低的许可费，请将同等优惠改为“否”。"


_AGAINST_KIND = re.compile(
    r"(?<!被)许可人(自身)?(不得|不能|不可以|不再)[^。；，]{0,8}(许可(任何)?(第三|他|其他)|(自行|自己)实施)|独家"
)
CONTRACT = license_contract(
    "ordinary_license",
    "普通许可",
    "ordinary license",
    OrdinaryLicenseTerms,
    _AGAINST_KIND,
    resting_on(LICENSE_CLAUSES, recitals="专利法14"),
    needs_co_owners=False,
)

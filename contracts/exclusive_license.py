"""Commercial terms of an exclusive license (独占许可): the licensor may not work the patent itself."""

import re

from contracts.license import LicenseTerms, license_contract


class ExclusiveLicenseTerms(LicenseTerms):
    """The terms of one exclusive license: nothing beyond what every license has.

    Source: 技术合同纠纷解释 art 25
    """


_AGAINST_KIND = re.compile(
    r"(?<!被)许可人(仍|也|亦)?(可以|有权|保留)[^。；，]{0,8}((自行|自己)实施|许可(第三|他|其他))"
)
CONTRACT = license_contract(
    "exclusive_license", "独占许可", "exclusive license", ExclusiveLicenseTerms, _AGAINST_KIND
)

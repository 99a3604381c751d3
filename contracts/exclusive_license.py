"""Commercial terms of an exclusive license (独占许可): the licensor may not work the patent itself."""

from contracts.license import LicenseTerms


class ExclusiveLicenseTerms(LicenseTerms):
    """The terms of one exclusive license: nothing beyond what every license has.

    Source: 技术合同纠纷解释 art 25
    """

"""Ordinary license (普通许可): the licensor may work the patent and license others beside the licensee.

Beside a sole license it may stand for the licensor's own working; that is recorded like a consent.
Source: 技术合同纠纷解释 arts 25, 27
"""

from dataclasses import replace

from states import preparation
from states.consent_payloads import WithOwnWorking
from states.license import license_mode

MODE = license_mode(
    "ordinary_license", "普通许可", "Ordinary license", "已达成普通许可",
    *(replace(step, payload=WithOwnWorking) for step in preparation.STEPS if step.event == "record_consent"),
)  # fmt: skip

"""Sole license (排他许可): one licensee, and the licensor itself may go on working the patent."""

from states.license import license_mode

MODE = license_mode("sole_license", "排他许可", "Sole license", "已达成排他许可")

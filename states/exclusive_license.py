"""Exclusive license (独占许可): the licensee alone works the patent, the licensor excluded too."""

from states.license import license_mode

MODE = license_mode("exclusive_license", "独占许可", "Exclusive license", "已达成独占许可")

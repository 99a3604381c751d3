"""Indicators 指标: what the policy papers measure, each with its definition, its rows and, for a year, a frozen snapshot."""

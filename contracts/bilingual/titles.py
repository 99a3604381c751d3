"""English titles of clauses, parties' data and annexes."""

from collections.abc import Mapping

CLAUSE_TITLES: Mapping[str, str] = {
    "recitals": "Recitals",
    "definitions": "Definitions",
    "grant": "Manner and Scope of the License",
    "patents": "Technical Content and Status of the Licensed Patents",
    "delivery": "Delivery of Technical Materials",
    "performance": "Implementation Plan and Obligation to Work",
    "fees": "License Fees and Payment",
    "trial": "Use First, Pay Later",
    "royalty": "Calculation, Reporting and Audit of Royalties",
    "acceptance": "Standards and Methods of Acceptance",
    "confidentiality": "Confidentiality",
    "service": "Technical Services and Training",
    "improvements": "Improvements and Ownership of Results and Income",
    "upkeep": "Maintenance of the Patent Rights",
    "warranty": "Representations and Warranties",
    "infringement": "Infringement",
    "invalidation": "Declaration of Invalidity",
    "filing": "Filing and Registration of this Contract",
    "tax": "Taxes",
    "breach": "Liability for Breach",
    "force_majeure": "Force Majeure",
    "fairness": "Technological Progress and Fair Competition",
    "dispute": "Governing Law and Dispute Resolution",
    "effect": "Effectiveness, Amendment and Termination",
    "notice": "Notices and Service",
    "special": "Special Provisions",
    "misc": "Miscellaneous",
}

"""Which papers every mode has beside its contract and its forms, in the order in which they are listed."""

HOUSE_PAPERS = (
    "co_owner_consent", "pledgee_consent", "interest_statement", "objection_procedure", "objection_receipt",
    "objection_reply", "minutes", "reward_table",
)  # fmt: skip

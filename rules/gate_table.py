"""The state × act matrix: which state of a patent stands against which act, at which stage.

One table. Each row names a condition, the acts it concerns, its severity when a case is opened, signed and
filed, and the rule behind it. Severities: `b` block, `c` a consent or paper is missing, `w` warning, `-`
nothing. Only what can never be mended blocks the opening of a case. Where the sources of the matrix differ,
the stricter one stands.

Source: 专利法 arts 14, 47, 50-51; 民法典 arts 444, 865; 技术合同纠纷解释 arts 23-29; 备案办法 art 12;
专利法实施细则 arts 85-86, 105; 专利审查指南 part 1 ch 1 §6.7, part 5 ch 11; 科学技术进步法 art 34
"""

from typing import Literal, NamedTuple

Severity = Literal["block", "consent", "warn"]
Stage = Literal["open", "sign", "file"]

LICENSES = ("ordinary_license", "sole_license", "exclusive_license")
NARROW = ("sole_license", "exclusive_license")
MOVES = ("transfer", "equity")
OPEN = ("open_license",)
PLEDGE = ("pledge",)
POOL = ("patent_pool",)
ACTS = (*MOVES, *LICENSES, *OPEN, *PLEDGE, *POOL)
STAGES: tuple[Stage, ...] = ("open", "sign", "file")

_SEVERITIES: dict[str, Severity] = {"b": "block", "c": "consent", "w": "warn"}


class Outcome(NamedTuple):
    """What one cell of the matrix says. `consent` is what lifts it, if anything recorded can."""

    rule_id: str
    severity: Severity
    text: str
    consent: str | None


class _Row(NamedTuple):
    condition: str
    acts: tuple[str, ...]
    severities: str
    rule_id: str
    text: str
    consent: str | None = None
    file_rule_id: str = ""


_ROWS = (
    # The right is gone, or never was ours.
    _Row("void", LICENSES, "bbb", "P-06", "void", file_rule_id="L-10"),
    _Row("void", POOL, "bbb", "P-06", "void"),
    _Row("void", MOVES, "bbb", "P-07", "void"),
    _Row("void", OPEN, "bbb", "OP-06", "void"),
    _Row("void", PLEDGE, "bbb", "PG-04", "void"),
    _Row("expired", LICENSES, "bbb", "P-06", "expired", file_rule_id="L-10"),
    _Row("expired", POOL, "bbb", "P-06", "expired"),
    _Row("expired", MOVES, "bbb", "P-01", "expired"),
    _Row("expired", OPEN, "bbb", "OP-06", "expired"),
    _Row("expired", PLEDGE, "bbb", "PG-04", "expired"),
    _Row("lapsed", LICENSES, "bbb", "P-06", "lapsed", file_rule_id="L-10"),
    _Row("lapsed", POOL, "bbb", "P-06", "lapsed"),
    _Row("lapsed", MOVES, "bbb", "P-08", "lapsed"),
    _Row("lapsed", OPEN, "bbb", "OP-06", "lapsed"),
    _Row("lapsed", PLEDGE, "bbb", "PG-04", "lapsed"),
    _Row("defense", ACTS, "bbb", "O-13", "defense"),
    _Row("not_owner", LICENSES, "bbb", "O-01", "not_owner", file_rule_id="L-10"),
    _Row("not_owner", (*MOVES, *OPEN, *POOL), "bbb", "O-01", "not_owner"),
    _Row("not_owner", PLEDGE, "bbb", "PG-04", "not_owner"),
    # Others own it too.
    _Row("co_owned", ("transfer",), "wcc", "TR-03", "co_owned", "co_owner"),
    _Row("co_owned", ("equity", *PLEDGE, *POOL), "wcc", "O-06", "co_owned", "co_owner"),
    _Row("co_owned", NARROW, "wcc", "O-06", "co_owned", "co_owner", "L-01"),
    _Row("co_owned", OPEN, "wcc", "OP-07", "co_owned", "co_owner"),
    _Row("co_owned", ("ordinary_license",), "www", "O-05", "co_owned_ordinary"),
    # It is in force, with a burden.
    _Row("in_grace", MOVES, "www", "P-08", "in_grace"),
    _Row("in_grace", LICENSES, "ww-", "L-10", "in_grace"),
    _Row("in_grace", LICENSES, "--b", "L-10", "in_grace_block"),
    _Row("in_grace", POOL, "wbb", "L-10", "in_grace_block"),
    _Row("in_grace", OPEN, "wbb", "OP-06", "in_grace_block"),
    _Row("in_grace", PLEDGE, "wbb", "PG-04", "in_grace_block"),
    _Row("pledged", MOVES, "wcc", "TR-11", "pledged", "pledgee"),
    _Row("pledged", LICENSES, "wcc", "PG-02", "pledged", "pledgee", "L-10"),
    _Row("pledged", POOL, "wcc", "PG-02", "pledged", "pledgee"),
    _Row("pledged", OPEN, "wcc", "OP-06", "pledged", "pledgee"),
    _Row("pledged", PLEDGE, "wbb", "PG-04", "pledged_again"),
    *(
        row
        for state in ("suspended", "preserved")
        for row in (
            _Row(state, MOVES, "wbb", "TR-12", state),
            _Row(state, LICENSES, "wwb", "L-10", state),
            _Row(state, POOL, "wbb", "L-10", state),
            _Row(state, OPEN, "wbb", "OP-06", state),
            _Row(state, PLEDGE, "wbb", "PG-04", state),
        )
    ),
    *(
        row
        for state in ("exclusive_license", "sole_license")
        for row in (
            _Row(state, MOVES, "wcc", "TR-14", "disclose_license", "license_disclosure"),
            _Row(state, LICENSES, "wbb", "LI-02", state, file_rule_id="L-10"),
            _Row(state, OPEN, "wbb", "OP-06", state),
            _Row(state, PLEDGE, "www", "LI-02", "license_and_pledge"),
            _Row(state, POOL, "wbb", "LI-02", "pool_license", "licensee"),
        )
    ),
    _Row("ordinary_license", MOVES, "www", "TR-14", "ordinary_disclose"),
    _Row("ordinary_license", NARROW, "www", "LI-02", "ordinary_overlap"),
    _Row("open_license", MOVES, "wbb", "TR-13", "withdraw_open"),
    _Row("open_license", NARROW, "wbb", "OP-10", "open_excludes"),
    _Row("open_license", PLEDGE, "wcc", "OP-14", "open_pledge", "pledgee_open_license"),
    _Row("open_license", POOL, "wcc", "OP-10", "open_pool", "pool_terms"),
    _Row("under_invalidation", (*MOVES, *LICENSES, *OPEN, *POOL), "www", "P-07", "under_invalidation"),
    _Row("under_invalidation", PLEDGE, "wcc", "PG-04", "invalidation_pledge", "pledge_statement"),
    # It is not granted yet.
    _Row("pending", MOVES, "www", "TR-19", "pending_transfer"),
    _Row("pending", LICENSES, "www", "LI-07", "pending", file_rule_id="L-18"),
    _Row("pending", POOL, "www", "LI-07", "pending"),
    _Row("pending", OPEN, "wbb", "OP-02", "pending_block"),
    _Row("pending", PLEDGE, "wbb", "PG-04", "pending_block"),
    # The other side is foreign, or from Hong Kong, Macao or Taiwan.
    _Row("foreign", MOVES, "wcc", "TR-09", "export_certificate", "export_control"),
    _Row("foreign", (*LICENSES, *POOL), "wcc", "T-24", "export", "export_control", "T-22"),
    _Row("foreign", OPEN, "wcc", "OP-09", "export", "export_control"),
    _Row("foreign_design", MOVES, "www", "TR-10", "foreign_design"),
    _Row("foreign_design", (*LICENSES, *POOL), "wcc", "T-24", "export", "export_control", "T-22"),
    _Row("foreign_design", OPEN, "wcc", "OP-09", "export", "export_control"),
    _Row("funded_foreign", (*MOVES, *POOL), "wcc", "O-12", "project_body", "project_body"),
    _Row("funded_foreign", NARROW, "wbb", "O-12", "project_body", "project_body"),
    # What is known about it.
    _Row("no_report", (*LICENSES, *POOL), "www", "S3-23", "no_report", file_rule_id="L-21"),
    _Row("no_report", MOVES, "www", "TR-15", "no_report"),
    _Row("no_report", OPEN, "wbb", "OP-01", "no_report_block"),
    _Row("status_unknown", ACTS, "www", "RG-01", "status_unknown"),
    _Row("register_stale", ACTS, "wcc", "RG-01", "register_stale", "register_check"),
)

CONDITIONS: tuple[str, ...] = tuple(dict.fromkeys(row.condition for row in _ROWS))


def _cells() -> dict[tuple[str, str, Stage], Outcome]:
    cells: dict[tuple[str, str, Stage], Outcome] = {}
    for row in _ROWS:
        for act in row.acts:
            for stage, letter in zip(STAGES, row.severities, strict=True):
                if letter == "-":
                    continue
                key = (row.condition, act, stage)
                if key in cells:
                    raise ValueError(f"two rows for {key}")
                rule_id = row.file_rule_id if stage == "file" and row.file_rule_id else row.rule_id
                cells[key] = Outcome(rule_id, _SEVERITIES[letter], row.text, row.consent)
    return cells


TABLE: dict[tuple[str, str, Stage], Outcome] = _cells()

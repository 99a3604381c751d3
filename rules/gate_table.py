"""The state × act matrix: which state of a patent stands against which act, at which stage.

One table. Each row names a condition, the acts it concerns, its severity when a case is opened, signed and
filed, and the rule behind it. Severities: `b` block, `c` a consent or paper is missing, `w` warning, `-`
nothing. Only what can never be mended blocks the opening of a case. Where the sources of the matrix differ,
the stricter one stands; an exception that one of them names holds only once it is recorded (`consent`). Development and
service contracts let the partner work the background patents: they follow ordinary licenses, without the filing.

Source: 专利法 arts 14, 47, 50-51; 民法典 arts 444, 847, 859-860, 865; 技术合同纠纷解释 arts 23-29; 备案办法 art 12;
专利法实施细则 arts 6, 85-86, 105; 专利审查指南 part 1 ch 1 §6.7, part 5 ch 11; 科学技术进步法 art 34
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Severity = Literal["block", "consent", "warn"]
Stage = Literal["open", "sign", "file"]

LICENSES = ("ordinary_license", "sole_license", "exclusive_license")
NARROW = ("sole_license", "exclusive_license")
MOVES = ("transfer", "equity")
OPEN = ("open_license",)
PLEDGE = ("pledge",)
POOL = ("patent_pool",)
DEVELOPMENT = ("development",)
ACTS = (*MOVES, *LICENSES, *OPEN, *PLEDGE, *POOL, *DEVELOPMENT)
STAGES: tuple[Stage, ...] = ("open", "sign", "file")
ACT_NAMES: Mapping[str, tuple[str, str]] = {
    "transfer": ("转让", "transfer"),
    "equity": ("作价入股", "equity contribution"),
    "ordinary_license": ("普通许可", "ordinary license"),
    "sole_license": ("排他许可", "sole license"),
    "exclusive_license": ("独占许可", "exclusive license"),
    "open_license": ("开放许可", "open license"),
    "pledge": ("质押", "pledge"),
    "patent_pool": ("专利池", "patent pool"),
    "development": ("技术开发或技术服务", "technology development or service"),
}
STAGE_NAMES: Mapping[str, tuple[str, str]] = {
    "open": ("立案", "opening"),
    "sign": ("签约", "signature"),
    "file": ("备案或登记", "filing"),
}

_SEVERITIES: dict[str, Severity] = {"b": "block", "c": "consent", "w": "warn"}


class Outcome(NamedTuple):
    """What one cell of the matrix says. `consent` is what lifts it, if anything recorded can; so does any of `instead`."""

    rule_id: str
    severity: Severity
    text: str
    consent: str | None
    instead: frozenset[str] = frozenset()


class _Row(NamedTuple):
    condition: str
    acts: tuple[str, ...]
    severities: str
    rule_id: str
    text: str
    consent: str | None = None
    file_rule_id: str = ""
    instead: tuple[str, ...] = ()


_AGREEMENT = ("co_owner_agreement",)
_ROWS = (
    # The right is gone, or never was ours.
    _Row("void", LICENSES, "bbb", "P-06", "void", file_rule_id="L-10"),
    _Row("void", (*POOL, *DEVELOPMENT), "bbb", "P-06", "void"),
    _Row("void", MOVES, "bbb", "P-07", "void"),
    _Row("void", OPEN, "bbb", "OP-06", "void"),
    _Row("void", PLEDGE, "bbb", "PG-04", "void"),
    _Row("expired", LICENSES, "bbb", "P-06", "expired", file_rule_id="L-10"),
    _Row("expired", (*POOL, *DEVELOPMENT), "bbb", "P-06", "expired"),
    _Row("expired", MOVES, "bbb", "P-01", "expired"),
    _Row("expired", OPEN, "bbb", "OP-06", "expired"),
    _Row("expired", PLEDGE, "bbb", "PG-04", "expired"),
    _Row("lapsed", LICENSES, "bbb", "P-06", "lapsed", file_rule_id="L-10"),
    _Row("lapsed", (*POOL, *DEVELOPMENT), "bbb", "P-06", "lapsed"),
    _Row("lapsed", MOVES, "bbb", "P-08", "lapsed"),
    _Row("lapsed", OPEN, "bbb", "OP-06", "lapsed"),
    _Row("lapsed", PLEDGE, "bbb", "PG-04", "lapsed"),
    _Row("lapsed_restorable", ACTS, "wbb", "T-11", "lapsed_restorable"),
    _Row("defense", ACTS, "bbb", "O-13", "defense"),
    _Row("not_owner", LICENSES, "bbb", "O-01", "not_owner", file_rule_id="L-10"),
    _Row("not_owner", (*MOVES, *OPEN, *POOL, *DEVELOPMENT), "bbb", "O-01", "not_owner"),
    _Row("not_owner", PLEDGE, "bbb", "PG-04", "not_owner"),
    # Others own it too.
    _Row("co_owned", ("transfer",), "wcc", "TR-03", "co_owned", "co_owner", instead=_AGREEMENT),
    _Row("co_owned", ("equity", *PLEDGE, *POOL), "wcc", "O-06", "co_owned", "co_owner", instead=_AGREEMENT),
    _Row("co_owned", NARROW, "wcc", "O-06", "co_owned", "co_owner", "L-01", _AGREEMENT),
    _Row("co_owned", OPEN, "wcc", "OP-07", "co_owned", "co_owner", instead=_AGREEMENT),
    _Row("co_owned", ("ordinary_license", *DEVELOPMENT), "www", "O-05", "co_owned_ordinary", *_AGREEMENT),
    _Row("co_agreement", ACTS, "wcc", "O-07", "co_agreement", *_AGREEMENT, instead=("co_owner",)),
    # It is in force, with a burden.
    _Row("in_grace", (*MOVES, *DEVELOPMENT), "www", "P-08", "in_grace"),
    _Row("in_grace", LICENSES, "ww-", "L-10", "in_grace"),
    _Row("in_grace", LICENSES, "--b", "L-10", "in_grace_block"),
    _Row("in_grace", POOL, "wbb", "L-10", "in_grace_block"),
    _Row("in_grace", OPEN, "wbb", "OP-06", "in_grace_block"),
    _Row("in_grace", PLEDGE, "wbb", "PG-04", "in_grace_block"),
    _Row("pledged", MOVES, "wcc", "TR-11", "pledged", "pledgee"),
    _Row("pledged", LICENSES, "wcc", "PG-02", "pledged", "pledgee", "L-10"),
    _Row("pledged", (*POOL, *DEVELOPMENT), "wcc", "PG-02", "pledged", "pledgee"),
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
            _Row(state, DEVELOPMENT, "www", "TR-12", f"{state}_background"),
        )
    ),
    *(
        row
        for state in ("exclusive_license", "sole_license")
        for row in (
            _Row(state, MOVES, "wcc", "TR-14", "disclose_license", "license_disclosure"),
            _Row(state, NARROW, "wbb", "LI-02", state, file_rule_id="L-10"),
            _Row(state, OPEN, "wbb", "OP-06", state),
            _Row(state, PLEDGE, "www", "LI-02", "license_and_pledge"),
            _Row(state, POOL, "wbb", "LI-02", "pool_license", "licensee"),
        )
    ),
    _Row(
        "exclusive_license", ("ordinary_license",), "wbb", "LI-02", "exclusive_license", file_rule_id="L-10"
    ),
    _Row("exclusive_license", DEVELOPMENT, "wbb", "LI-02", "exclusive_license"),
    _Row("sole_license", ("ordinary_license",), "wbb", "LI-04", "sole_ordinary", "own_working", "L-10"),
    _Row("sole_license", DEVELOPMENT, "wbb", "LI-04", "sole_ordinary", "own_working"),
    _Row("ordinary_license", MOVES, "www", "TR-14", "ordinary_disclose"),
    _Row("ordinary_license", NARROW, "www", "LI-02", "ordinary_overlap"),
    *(
        row
        for state in ("open_license", "open_withdrawal")
        for row in (
            _Row(state, MOVES, "wbb", "TR-13", f"{state}_moves"),
            _Row(state, NARROW, "wbb", "OP-10", f"{state}_excludes"),
            _Row(state, PLEDGE, "wcc", "OP-14", "open_pledge", "pledgee_open_license"),
            _Row(state, POOL, "wcc", "OP-10", "open_pool", "pool_terms"),
        )
    ),
    _Row(
        "under_invalidation",
        (*MOVES, *LICENSES, *OPEN, *POOL, *DEVELOPMENT),
        "www",
        "P-07",
        "under_invalidation",
    ),
    _Row("under_invalidation", PLEDGE, "wcc", "PG-04", "invalidation_pledge", "pledge_statement"),
    # It does not last as long as the grant.
    _Row("beyond_term", LICENSES, "wbb", "P-05", "beyond_term", file_rule_id="L-10"),
    _Row("beyond_term", (*OPEN, *POOL), "wbb", "P-05", "beyond_term"),
    _Row("beyond_term", PLEDGE, "wbb", "PG-04", "beyond_term_pledge"),
    _Row("beyond_term", DEVELOPMENT, "www", "P-05", "beyond_term_background"),
    _Row("term_unknown", MOVES, "www", "P-01", "term_unknown"),
    _Row("term_unknown", (*LICENSES, *OPEN, *POOL, *PLEDGE, *DEVELOPMENT), "www", "P-05", "term_unknown"),
    # It is not granted yet.
    _Row("pending", MOVES, "www", "TR-19", "pending_transfer"),
    _Row("pending", LICENSES, "www", "LI-07", "pending", file_rule_id="L-18"),
    _Row("pending", (*POOL, *DEVELOPMENT), "www", "LI-07", "pending"),
    _Row("pending", OPEN, "wbb", "OP-02", "pending_block"),
    _Row("pending", PLEDGE, "wbb", "PG-04", "pending_block"),
    # Somebody may have it first.
    _Row("inventors_first", ("transfer",), "wcc", "O-08", "inventors_first", "inventor_waiver"),
    _Row("client_first", ("transfer",), "wcc", "O-09", "client_first", "partner_waiver"),
    _Row("partner_first", ("transfer",), "wcc", "O-10", "partner_first", "partner_waiver"),
    _Row("client_works", (*MOVES, *NARROW), "www", "O-09", "client_works"),
    # The other side is foreign, or from Hong Kong, Macao or Taiwan.
    _Row("foreign", MOVES, "wcc", "TR-09", "export_certificate", "export_control"),
    _Row("foreign", (*LICENSES, *POOL, *DEVELOPMENT), "wcc", "T-24", "export", "export_control", "T-22"),
    _Row("foreign", OPEN, "wcc", "OP-09", "export", "export_control"),
    _Row("foreign_design", MOVES, "www", "TR-10", "foreign_design"),
    _Row(
        "foreign_design", (*LICENSES, *POOL, *DEVELOPMENT), "wcc", "T-24", "export", "export_control", "T-22"
    ),
    _Row("foreign_design", OPEN, "wcc", "OP-09", "export", "export_control"),
    _Row("funded_foreign", (*MOVES, *POOL), "wcc", "O-12", "project_body", "project_body"),
    _Row("funded_foreign", NARROW, "wbb", "O-12", "project_body", "project_body"),
    # What is known about it.
    *(
        row
        for state in ("no_report", "report_negative")
        for row in (
            _Row(state, LICENSES, "www", "S3-23", state, file_rule_id="L-21"),
            _Row(state, (*POOL, *DEVELOPMENT), "www", "S3-23", state),
            _Row(state, MOVES, "www", "TR-15", state),
        )
    ),
    _Row("no_report", OPEN, "wbb", "OP-01", "no_report_block"),
    _Row("report_negative", OPEN, "wbb", "OP-06", "report_negative_block"),
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
                cells[key] = Outcome(
                    rule_id, _SEVERITIES[letter], row.text, row.consent, frozenset(row.instead)
                )
    return cells


TABLE: dict[tuple[str, str, Stage], Outcome] = _cells()

"""The index that searches of patents read. It is filled by the program once the tables are there."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

BEFORE = ("kind", "status", "year", "grade", "patent_class", "industry", "maturity", "prospect", "willingness")
BEFORE_TOO = ("implementation", "college")
FACETS = ("facets_a", "facets_b", "facets_c")
INDEXES = {
    "ix_patent_index_filed": ["org_id", "filing_date", "patent_id"],
    "ix_patent_index_grade": ["org_id", "grade_order", "filing_date", "patent_id"],
    "ix_patent_index_review": ["org_id", "review_on", "patent_id"],
    "ix_patent_index_college": ["org_id", "college", "filing_date"],
    "ix_patent_index_pool": ["org_id", "in_pool", "filing_date"],
    **{f"ix_patent_index_{name}": ["org_id", name] for name in FACETS},
}
# No word is cut by the database: the pieces come parted by blanks. Neither their places nor their number matter.
FTS5 = "CREATE VIRTUAL TABLE patent_words USING fts5(words, tokenize = 'ascii', detail = 'none', columnsize = 0)"


def upgrade() -> None:
    """Add the table, and the searched pieces as each database keeps them."""
    op.create_table(
        "patent_index",
        sa.Column("patent_id", sa.Integer(), sa.ForeignKey("patent.id"), primary_key=True),
        sa.Column("org_id", sa.Integer(), sa.ForeignKey("organization.id"), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in (*BEFORE, *BEFORE_TOO)),
        sa.Column("in_pool", sa.Boolean(), nullable=False),
        sa.Column("filing_date", sa.Date(), nullable=False),
        sa.Column("grade_order", sa.Integer(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in FACETS),
    )
    for name, columns in INDEXES.items():
        op.create_index(name, "patent_index", columns)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE patent_index ADD COLUMN words tsvector NOT NULL DEFAULT ''")
        op.execute("CREATE INDEX ix_patent_index_words ON patent_index USING gin (words)")
        return
    op.execute(FTS5)


def downgrade() -> None:
    """Take it away."""
    if op.get_bind().dialect.name != "postgresql":
        op.execute("DROP TABLE patent_words")
    op.drop_table("patent_index")

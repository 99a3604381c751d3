"""The trail refuses UPDATE and DELETE on both databases."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = """
CREATE TRIGGER trail_no_{verb} BEFORE {verb} ON trail
BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END
"""
POSTGRES_FUNCTION = """
CREATE FUNCTION trail_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the trail is append-only'; END $$
"""
POSTGRES = """
CREATE TRIGGER trail_no_{verb} BEFORE {verb} ON trail
FOR EACH STATEMENT EXECUTE FUNCTION trail_is_append_only()
"""


def upgrade() -> None:
    """Create the triggers."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(SQLITE.format(verb=verb))
        return
    op.execute(POSTGRES_FUNCTION)
    for verb in ("UPDATE", "DELETE", "TRUNCATE"):
        op.execute(POSTGRES.format(verb=verb))


def downgrade() -> None:
    """Drop the triggers."""
    for verb in ("UPDATE", "DELETE"):
        op.execute(f"DROP TRIGGER trail_no_{verb}" + ("" if op.get_bind().dialect.name == "sqlite" else " ON trail"))
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP TRIGGER trail_no_TRUNCATE ON trail")
        op.execute("DROP FUNCTION trail_is_append_only")

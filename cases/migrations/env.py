"""Runs migrations on the connection that `cases.schema` hands over."""

from alembic import context

from cases.search_table import is_ours
from cases.tables import Case

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Case.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    include_name=is_ours,
    transactional_ddl=True,  # SQLite can, too: one transaction for all migrations of an upgrade
)
with context.begin_transaction():
    context.run_migrations()

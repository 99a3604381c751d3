"""The table of the product's processes on all machines, as each one says of itself."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

KINDS = ("desk", "worker", "prefect")
STATES = ("starting", "running", "stopped")


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"ck_process_{column}")


class Process(SQLModel, table=True):
    """A process that works on this record. `name` tells it from every other, also from a later one with its number."""

    __tablename__ = "process"
    __table_args__ = (_one_of("kind", KINDS), _one_of("state", STATES))

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    kind: str
    host: str
    pid: int
    version: str
    state: str
    started_at: datetime
    seen_at: datetime = Field(index=True)

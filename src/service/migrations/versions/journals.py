"""Journals of municipalities, which nobody can change, and the statuses of applications."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_REFUSED = "entries of a journal are never changed; a correction is a new entry"
GUARDS = {
    "sqlite": [
        f"CREATE TRIGGER journal_entry_{act.lower()} BEFORE {act} ON journal_entry "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
        for act in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        (
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$"
        ),
        (
            "CREATE TRIGGER journal_entry_change BEFORE UPDATE OR DELETE ON journal_entry "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        ),
        (
            "CREATE TRIGGER journal_entry_truncate BEFORE TRUNCATE ON journal_entry "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        ),
    ],
}
"""What makes the database itself refuse a change of an entry, whoever asks for it."""


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "application_status",
        sa.Column("municipality", sa.String(length=128), nullable=False),
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("service", sa.String(length=120), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("child", sa.String(length=64), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("municipality", "id", name=op.f("pk_application_status")),
        sa.UniqueConstraint(
            "municipality", "service", "number", name=op.f("uq_application_status_municipality_service_number")
        ),
    )
    op.create_index(
        "uq_application_status_child_service",
        "application_status",
        ["child", "service"],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )
    op.create_table(
        "journal_entry",
        sa.Column("municipality", sa.String(length=128), nullable=False),
        sa.Column("entry", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("asked", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("municipality", "entry", name=op.f("pk_journal_entry")),
    )
    op.create_index(
        "uq_journal_entry_municipality_key",
        "journal_entry",
        ["municipality", "key"],
        unique=True,
        sqlite_where=sa.text("key <> ''"),
        postgresql_where=sa.text("key <> ''"),
    )
    op.create_table(
        "journal_head",
        sa.Column("municipality", sa.String(length=128), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("municipality", name=op.f("pk_journal_head")),
    )

    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables, and with them all that was recorded."""
    for table in ("application_status", "journal_entry", "journal_head"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change")

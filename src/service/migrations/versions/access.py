"""Accounts, their roles, who is signed in, and the audit, whose entries cannot be removed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_REFUSED = "entries of the audit are never removed"
_KEPT = "id, at_ms, account, role, municipality, kind, subject, ids"  # names may have to be taken out of the rest
_SQLITE = [
    f"CREATE TRIGGER audit_entry_{name} BEFORE {act} ON audit_entry BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
    for name, act in (("update", f"UPDATE OF {_KEPT}"), ("delete", "DELETE"))
]
_POSTGRESQL = [
    (
        "CREATE FUNCTION refuse_forgetting() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$"
    ),
    (
        f"CREATE TRIGGER audit_entry_change BEFORE UPDATE OF {_KEPT} OR DELETE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION refuse_forgetting()"
    ),
    (
        "CREATE TRIGGER audit_entry_truncate BEFORE TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_forgetting()"
    ),
]


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=128), nullable=True),
        sa.Column("subject", sa.String(length=255), nullable=True),
        sa.Column("password", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
        sa.UniqueConstraint("subject", name=op.f("uq_account_subject")),
    )
    op.create_index(op.f("ix_account_person"), "account", ["person"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("municipality", sa.String(length=120), nullable=False),
        sa.Column("organisation", sa.String(length=120), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_assignment_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(op.f("ix_assignment_account"), "assignment", ["account"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("assignment", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("begun_ms", sa.BigInteger(), nullable=False),
        sa.Column("seen_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_sign_in_account")),
        sa.ForeignKeyConstraint(["assignment"], ["assignment.id"], name=op.f("fk_sign_in_assignment")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_account"), "sign_in", ["account"], unique=False)
    _make_audit()


def _make_audit() -> None:
    """Make the table that the database itself lets nobody change."""
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("municipality", sa.String(length=120), nullable=False),
        sa.Column("right", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("ids", sa.JSON(), nullable=False),
        sa.Column("persons", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_account_at_ms"), "audit_entry", ["account", "at_ms"], unique=False)
    op.create_index(op.f("ix_audit_entry_kind_subject"), "audit_entry", ["kind", "subject"], unique=False)
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Remove the tables."""
    op.drop_index(op.f("ix_sign_in_account"), table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_index(op.f("ix_assignment_account"), table_name="assignment")
    op.drop_table("assignment")
    op.drop_index(op.f("ix_audit_entry_kind_subject"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_account_at_ms"), table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_index(op.f("ix_account_person"), table_name="account")
    op.drop_table("account")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_forgetting")

"""Rounds and their files, and rule files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality", sa.String(length=128), nullable=False),
        sa.Column("service", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("freeze", sa.String(length=64), nullable=False),
        sa.Column("result", sa.String(length=64), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("prepared_by", sa.Integer(), nullable=True),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("published_ms", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["approved_by"], ["account.id"], name=op.f("fk_round_approved_by")),
        sa.ForeignKeyConstraint(["prepared_by"], ["account.id"], name=op.f("fk_round_prepared_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("municipality", "name", name=op.f("uq_round_municipality_name")),
    )
    op.create_table(
        "rule_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality", sa.String(length=128), nullable=False),
        sa.Column("service", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("prepared_by", sa.Integer(), nullable=True),
        sa.Column("signed_by", sa.Integer(), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["prepared_by"], ["account.id"], name=op.f("fk_rule_file_prepared_by")),
        sa.ForeignKeyConstraint(["signed_by"], ["account.id"], name=op.f("fk_rule_file_signed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_file")),
    )
    op.create_index(op.f("ix_rule_file_digest"), "rule_file", ["digest"], unique=False)
    op.create_index(op.f("ix_rule_file_municipality"), "rule_file", ["municipality"], unique=False)
    op.create_table(
        "round_file",
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name=op.f("fk_round_file_round")),
        sa.PrimaryKeyConstraint("round", "name", name=op.f("pk_round_file")),
    )


def downgrade() -> None:
    """Remove the tables."""
    op.drop_table("round_file")
    op.drop_index(op.f("ix_rule_file_municipality"), table_name="rule_file")
    op.drop_index(op.f("ix_rule_file_digest"), table_name="rule_file")
    op.drop_table("rule_file")
    op.drop_table("round")

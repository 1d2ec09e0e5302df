"""The personal data of applications, and the files that were sent in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "application_card",
        sa.Column("municipality", sa.String(length=128), nullable=False),
        sa.Column("application", sa.String(length=120), nullable=False),
        sa.Column("account", sa.Integer(), nullable=True),
        sa.Column("child", sa.String(length=32), nullable=True),
        sa.Column("child_name", sa.String(length=300), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("papers", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("applicant_name", sa.String(length=300), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_application_card_account")),
        sa.ForeignKeyConstraint(
            ["municipality", "application"],
            ["application_status.municipality", "application_status.id"],
            name=op.f("fk_application_card_municipality_application"),
        ),
        sa.PrimaryKeyConstraint("municipality", "application", name=op.f("pk_application_card")),
    )
    op.create_index(op.f("ix_application_card_account"), "application_card", ["account"], unique=False)
    op.create_index(op.f("ix_application_card_child"), "application_card", ["child"], unique=False)
    op.create_table(
        "upload",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("municipality", sa.String(length=120), nullable=False),
        sa.Column("application", sa.String(length=120), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_upload_account")),
        sa.ForeignKeyConstraint(
            ["municipality", "application"],
            ["application_status.municipality", "application_status.id"],
            name=op.f("fk_upload_municipality_application"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_index(op.f("ix_upload_application"), "upload", ["application"], unique=False)


def downgrade() -> None:
    """Remove the tables."""
    op.drop_index(op.f("ix_upload_application"), table_name="upload")
    op.drop_table("upload")
    op.drop_index(op.f("ix_application_card_child"), table_name="application_card")
    op.drop_index(op.f("ix_application_card_account"), table_name="application_card")
    op.drop_table("application_card")

"""Services, programmes, applications, wishes and documents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "services",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("rules", sa.String(length=120), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("dates", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
    )
    op.create_table(
        "applications",
        sa.Column("service", sa.String(length=120), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["service"], ["services.id"], name=op.f("fk_applications_service")),
        sa.PrimaryKeyConstraint("service", "number", name=op.f("pk_applications")),
    )
    op.create_index(op.f("ix_applications_number"), "applications", ["number"], unique=False)
    op.create_table(
        "programmes",
        sa.Column("service", sa.String(length=120), nullable=False),
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("organisation", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("takes", sa.String(length=2000), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_programmes_capacity")),
        sa.ForeignKeyConstraint(["service"], ["services.id"], name=op.f("fk_programmes_service")),
        sa.PrimaryKeyConstraint("service", "id", name=op.f("pk_programmes")),
    )
    _papers_and_wishes()


def _papers_and_wishes() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(length=120), nullable=False),
        sa.Column("application", sa.String(length=120), nullable=False),
        sa.Column("category", sa.String(length=120), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_documents_days")),
        sa.ForeignKeyConstraint(
            ["service", "application"],
            ["applications.service", "applications.number"],
            name=op.f("fk_documents_service_application"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    op.create_index(op.f("ix_documents_service_application"), "documents", ["service", "application"], unique=False)
    op.create_table(
        "wishes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(length=120), nullable=False),
        sa.Column("application", sa.String(length=120), nullable=False),
        sa.Column("wish", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(length=120), nullable=True),
        sa.Column("programme", sa.String(length=120), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.CheckConstraint("(organisation IS NULL) <> (programme IS NULL)", name=op.f("ck_wishes_one_of_two")),
        sa.CheckConstraint("wish >= 1", name=op.f("ck_wishes_wish")),
        sa.ForeignKeyConstraint(
            ["service", "application"],
            ["applications.service", "applications.number"],
            name=op.f("fk_wishes_service_application"),
        ),
        sa.ForeignKeyConstraint(
            ["service", "programme"], ["programmes.service", "programmes.id"], name=op.f("fk_wishes_service_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wishes")),
    )
    op.create_index(op.f("ix_wishes_service_application"), "wishes", ["service", "application"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    for table in ("wishes", "documents", "programmes", "applications", "services"):
        op.drop_table(table)

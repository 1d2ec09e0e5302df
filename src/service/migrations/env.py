"""What alembic runs to reach the database; it does nothing when it is merely imported."""

from __future__ import annotations

from alembic import context

from service.migrating import in_environment

if hasattr(context, "config"):  # alembic puts its environment there while it runs this file
    in_environment()

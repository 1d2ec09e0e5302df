"""The kinds of column the tables are made of."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import mapped_column

ID_LENGTH = 120

Identifier = Annotated[str, mapped_column(String(ID_LENGTH))]
Key = Annotated[str, mapped_column(String(ID_LENGTH), primary_key=True)]
RowNumber = Annotated[int, mapped_column(primary_key=True)]
OfService = Annotated[str, mapped_column(ForeignKey("services.id"), primary_key=True)]
Facts = Annotated[dict[str, str], mapped_column(JSON)]
"""Facts by name, each as it is written; the engine reads them, and what is not known is left out."""

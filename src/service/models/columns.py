"""The kinds of column the tables are made of."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import JSON, BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import mapped_column

ID_LENGTH = 120
KEY_LENGTH = 128

Identifier = Annotated[str, mapped_column(String(ID_LENGTH))]
Key = Annotated[str, mapped_column(String(ID_LENGTH), primary_key=True)]
MunicipalityKey = Annotated[str, mapped_column(String(KEY_LENGTH), primary_key=True)]
RowNumber = Annotated[int, mapped_column(primary_key=True)]
OfService = Annotated[str, mapped_column(ForeignKey("services.id"), primary_key=True)]
BigNumber = Annotated[int, mapped_column(BigInteger)]
Hash = Annotated[bytes, mapped_column(LargeBinary(32))]
Facts = Annotated[dict[str, str], mapped_column(JSON)]
"""Facts by name, each as it is written; the engine reads them, and what is not known is left out."""

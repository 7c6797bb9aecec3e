"""The root of the tables of the views."""

from collections.abc import Sequence

from sqlalchemy.orm import registry
from sqlmodel import SQLModel


class ViewTable(SQLModel, registry=registry()):
    """Root of the tables of the views; their own registry keeps them apart from every table on disk."""


def columns_of(table: type[ViewTable]) -> Sequence[str]:
    """Names of the columns, in the order in which rows are given."""
    return list(table.model_fields)

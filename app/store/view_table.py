"""The root of the tables of the views."""

from sqlalchemy.orm import registry
from sqlmodel import SQLModel


class ViewTable(SQLModel, registry=registry()):
    """Root of the tables of the views; their own registry keeps them apart from every table on disk."""

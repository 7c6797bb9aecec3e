"""Runs the migrations on the connection that the server hands over, or on the database that alembic.ini names."""

from alembic import context

import sync_server.for_others.tables  # noqa: F401  its tables join the others
from sync_server.tables import StationTable

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=StationTable.metadata,
    compare_type=True,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()

"""The migrations lead to exactly the tables that the code uses."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from sync_server.database import Database
from sync_server.migrations import bring_up_to_date
from sync_server.tables import StationTable


def test_the_migrations_make_the_tables_that_the_code_knows(tmp_path, database_url):
    database = Database(database_url or f"sqlite:///{tmp_path / 'journal.sqlite'}")
    with database.write() as connection:
        bring_up_to_date(connection)
    with database.write() as connection:
        bring_up_to_date(connection)
        assert compare_metadata(MigrationContext.configure(connection), StationTable.metadata) == []
    database.close()

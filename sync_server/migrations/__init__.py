"""Steps from one form of the tables to the next; run at each start, under the accept lock."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def migration_settings(connection: Connection) -> Config:
    """Alembic's settings for a connection that is open already."""
    config = Config()
    config.set_main_option("script_location", str(files("sync_server") / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def bring_up_to_date(connection: Connection) -> None:
    """Applies every migration that the database does not have yet, within the caller's transaction."""
    command.upgrade(migration_settings(connection), "head")

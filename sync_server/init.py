"""Makes a station: its keys, its database, its first epoch."""

from collections.abc import Callable

from sqlalchemy import select

from sync_server.accept import Acceptor, epoch_fact
from sync_server.database import Database
from sync_server.migrations import bring_up_to_date
from sync_server.settings import Settings
from sync_server.station import Station, make_station
from sync_server.station_mark import MarkFile
from sync_server.tables import StationStateRow, table_of

STATE = table_of(StationStateRow)


def init_station(settings: Settings, *, now_ms: Callable[[], int], random_bytes: Callable[[int], bytes]) -> Station:
    """Raises FileExistsError where there is a station already, in the folder or in the database."""
    database = Database(settings.database)
    try:
        with database.write() as connection:
            bring_up_to_date(connection)
            if connection.execute(select(STATE.c.epoch)).one_or_none() is not None:
                raise FileExistsError("the database belongs to a station already")
            station = make_station(settings, now_ms=now_ms(), random_bytes=random_bytes)
            settings.keep()
            epoch = random_bytes(8).hex()
            connection.execute(STATE.insert().values(id=1, epoch=epoch, arrivals=0, serial=0, stamp_ms=0, stamp_n=0))
        acceptor = Acceptor(database, station, MarkFile(settings.keys_folder), now_ms=now_ms, random_bytes=random_bytes)
        acceptor.write_own([epoch_fact(station, epoch, "first start", None)])
        return station
    finally:
        database.close()

"""What must hold between a station and its province, whatever happens to either and between them."""

from sqlalchemy import Connection, Row, select

from journal.chain import ChainFault, first_link, leaf_of, link_after
from journal.entries import read_entry
from journal.names import WriterId
from sync_server.admission import ENTRIES
from sync_server.giving import NEVER_GIVEN
from sync_server.partners import Partner, standing_of_partner, writers_via
from sync_server.serve import Bounds, pull
from tests.sync_server.fakes import Device, House
from tests.sync_server.two_servers import Pair

ALL = Bounds(items=100_000, size_bytes=1_000_000_000)
Ref = tuple[str, int]


class ProvinceLaws:
    """Watches one pair."""

    def __init__(self, pair: Pair, devices: dict[str, Device]) -> None:
        self._pair, self._devices = pair, devices
        self._ever: dict[str, dict[Ref, bytes]] = {"up": {}, "down": {}}

    @property
    def _ways(self) -> tuple[tuple[str, House, Partner, House, Partner], ...]:
        pair = self._pair
        return (
            ("up", pair.station, pair.at_station, pair.province, pair.at_province),
            ("down", pair.province, pair.at_province, pair.station, pair.at_station),
        )

    # --- at any moment ---

    def check(self) -> None:
        for way, giver, receiver_there, receiver, giver_there in self._ways:
            self._ever[way] |= may_see(giver, receiver_there)
            rows = rows_via(receiver, giver_there)
            for row in rows:
                self._check_row(way, row)
            self._check_chains(rows)

    def _check_row(self, way: str, row: Row[tuple[object, ...]]) -> None:
        if row.raw is None:
            return
        ref = (row.writer, row.seq)
        assert ref in self._ever[way], f"{way}: {ref} is there and was never to be seen"
        signed = {bytes(self._ever[way][ref])} | {bytes(one.raw) for one in self._written(row.writer) if one.seq == row.seq}
        assert bytes(row.raw) in signed, f"{way}: {ref} has other bytes than were signed"
        assert leaf_of(row.salt, row.raw) == row.leaf, f"{way}: {ref} does not have its leaf"
        assert read_entry(row.raw).body.fact not in NEVER_GIVEN, f"{way}: {ref} is never given"

    def _written(self, writer: str):  # type: ignore[no-untyped-def]
        return next((device.chain for device in self._devices.values() if device.writer == writer), [])

    def _check_chains(self, rows: list[Row[tuple[object, ...]]]) -> None:
        for device in self._devices.values():
            own = sorted((row for row in rows if row.writer == device.writer and row.branch == 0), key=lambda row: row.seq)
            fault = walk(device.writer, own)
            assert fault is None, f"the chain of {device.writer}: {fault}"

    def must_refuse(self, refused: bool) -> None:
        assert refused, "a parcel with an altered byte was taken"

    # --- at rest ---

    def check_rest(self, *, restored: bool) -> None:
        for way, giver, receiver_there, receiver, giver_there in self._ways:
            expected = may_see(giver, receiver_there)
            there = {
                (row.writer, row.seq): row for row in rows_via(receiver, giver_there) if row.branch == 0 and row.raw is not None
            }
            lacking = expected.keys() - there.keys()
            assert not lacking, f"{way}: {sorted(lacking)[:3]} never came"
            more = there.keys() - expected.keys()
            assert restored or not more, f"{way}: {sorted(more)[:3]} were to be taken back"
            held = [ref for ref, row in there.items() if row.let_in is None and self._counts(way, row.raw)]
            assert not held, f"{way}: {held[:3]} are held"
            assert not giver_there.clashes, f"{way}: {giver_there.clashes} clash"

    def _counts(self, way: str, raw: bytes) -> bool:
        """What the giver's people say in its own units counts."""
        return read_entry(raw).unit == ("DON" if way == "up" else "TINH")


def may_see(giver: House, receiver: Partner) -> dict[Ref, bytes]:
    """By the giver's own rules, from the beginning."""

    def ask(connection: Connection) -> dict[Ref, bytes]:
        standing = standing_of_partner(connection, receiver, giver.clock.ms)
        own = giver.running.station.writer
        pulled = pull(connection, standing, {}, giver.clock.ms, ALL, own=own, with_register=False)
        raws = [item.raw for page in pulled.pages for item in page.items if hasattr(item, "raw")]
        entries = [(raw, read_entry(raw)) for raw in raws]
        elsewhere = writers_via(connection, receiver)
        return {
            (entry.writer, entry.seq): raw
            for raw, entry in entries
            if entry.writer not in elsewhere and entry.body.fact not in NEVER_GIVEN
        }

    with giver.running.database.read() as connection:
        return ask(connection)


def rows_via(house: House, partner: Partner) -> list[Row[tuple[object, ...]]]:
    with house.running.database.read() as connection:
        writers = writers_via(connection, partner)
        return list(connection.execute(select(ENTRIES).where(ENTRIES.c.writer.in_(writers))))


def walk(writer: str, rows: list[Row[tuple[object, ...]]]) -> ChainFault | None:
    """The chain as far as it is held without a gap; what is ahead stands alone."""
    link = first_link(WriterId(writer))
    for seq, row in enumerate(rows, start=1):
        if row.seq != seq:
            return None
        link = link_after(link, row.leaf)
        if link != row.link:
            return ChainFault(seq, "bytes, order or link changed")
    return None

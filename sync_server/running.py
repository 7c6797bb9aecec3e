"""What a running station is made of; routes get all they use from here."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import NoReturn

from fastapi import Request
from sqlalchemy import func, select

from journal.access import Ability, Standing, may_use
from journal.clock import DAY_MS
from sync_server.accept import Acceptor
from sync_server.arriving import ArrivingBundles
from sync_server.auth import Asking, Gate, Proof
from sync_server.database import Database
from sync_server.enrol import Enrolling
from sync_server.hints import Hints
from sync_server.photo_storage import PhotoStorage
from sync_server.problems import Refused
from sync_server.rounds import Rounds
from sync_server.settings import Settings
from sync_server.station import Station, load_station
from sync_server.station_mark import Mark, MarkFile
from sync_server.tables import AccessLogRow, StationStateRow, table_of
from sync_server.uploads import Uploads

ACCESS_LOG, STATE = table_of(AccessLogRow), table_of(StationStateRow)
BEGIN_EPOCH = "begin_epoch"
LOST_OWN_ENTRIES = 100_000
LOST_SERIALS = 1_000_000
"""So many more serials are believed to have been given than are known here: months of a busy station. Whoever says more is not
believed more, or one false word could use up all that cursors have room for."""
EPOCHS_A_DAY = 3
"""So often in a day one person's devices, or another server, may begin an epoch by their word alone, for which all others offer
everything again."""
RandomBytes = Callable[[int], bytes]


@dataclass
class Running:
    """The parts of one station, made once."""

    settings: Settings
    station: Station
    database: Database
    acceptor: Acceptor
    rounds: Rounds
    enrolling: Enrolling
    gate: Gate
    storage: PhotoStorage
    uploads: Uploads
    arriving: ArrivingBundles
    now_ms: Callable[[], int]
    random_bytes: RandomBytes
    hints: Hints = field(default_factory=Hints)
    pushes: int = 0
    """Pushes under way."""
    bundles: int = 0
    """Bundles under way, parcels among them."""
    lacking: dict[tuple[str, str], int] = field(default_factory=dict)
    """Photos that another server did not have, and until when (ms) it is not asked for them again."""

    def log(
        self, standing: Standing, what: str, about: str = "", *, count: int = 1, result: str = "ok", reason: str | None = None
    ) -> None:
        """Writes down who asked for what; for the writing thread. Names, counts and the reader's reason, never content."""
        row = {"at_ms": self.now_ms(), "writer": standing.writer, "person": standing.person}
        with self.database.write() as connection:
            connection.execute(
                ACCESS_LOG.insert().values(**row, what=what, about=about, count=count, result=result, reason=reason)
            )

    def log_reader(self, reader: str, about: str, *, count: int = 1, result: str = "ok") -> None:
        """Writes down what another program read, by its reader's name; for the writing thread."""
        row = {"at_ms": self.now_ms(), "writer": "", "person": f"reader:{reader}", "what": "read", "about": about}
        with self.database.write() as connection:
            connection.execute(ACCESS_LOG.insert().values(**row, count=count, result=result))

    async def who(self, request: Request) -> Standing:
        """The person who asks, by token and proof. Raises :class:`Refused`."""
        proof = self.check_proof(request, with_token=True)
        return await self.database.reading(lambda connection: self.gate.standing(connection, proof, self.now_ms()))

    def check_proof(self, request: Request, *, with_token: bool) -> Proof:
        authorization = request.headers.get("authorization")
        if with_token and authorization is None:
            raise self.gate.refuse("invalid_token")
        url = str(request.url.replace(query=None, fragment=None))
        proofs = request.headers.getlist("dpop")
        proof = proofs[0] if len(proofs) == 1 else None
        return self.gate.check(Asking(request.method, url, proof, authorization if with_token else None))

    async def who_may(self, request: Request, ability: Ability, unit: str | None = None) -> Standing:
        """The person who asks, if they have this ability. Raises :class:`Refused`; a refusal is written down."""
        standing = await self.who(request)
        await self.must(standing, ability, unit)
        return standing

    async def must(self, standing: Standing, ability: Ability, unit: str | None) -> None:
        """Raises :class:`Refused` when the person lacks the ability; the refusal is written down."""
        if not may_use(standing, ability, unit):
            await self._refuse(standing, ability, unit or "")

    async def must_about(self, standing: Standing, ability: Ability, about: str, owners: Collection[str]) -> None:
        """The same of something that has owners, one of whom the person must be. What nobody owns is not here, and neither the
        answer nor what is written down tells that from what is another's."""
        if not any(may_use(standing, ability, unit) for unit in owners):
            await self._refuse(standing, ability, about)

    async def _refuse(self, standing: Standing, ability: Ability, about: str) -> NoReturn:
        await self.database.writing(lambda: self.log(standing, ability, about, result="refused"))
        raise Refused("not_allowed", f"ability {ability}")


def start(
    settings: Settings,
    *,
    now_ms: Callable[[], int],
    random_bytes: RandomBytes,
    before_commit: Callable[[], None] = lambda: None,
) -> Running:
    """Opens the station in the settings' folder. Raises FileNotFoundError before ``init``."""
    station = load_station(settings)
    database = Database(settings.database)
    mark = MarkFile(settings.keys_folder)
    acceptor = Acceptor(database, station, mark, now_ms=now_ms, random_bytes=random_bytes, before_commit=before_commit)
    enrolling = Enrolling(database, station, acceptor.write_own, now_ms=now_ms, random_bytes=random_bytes)
    gate = Gate(now_ms=now_ms, random_bytes=random_bytes)
    storage = PhotoStorage(settings.photo_place, random_bytes=random_bytes)
    limits = settings.limits
    uploads = Uploads(
        settings.uploads_folder, database, storage, station, acceptor.counting, now_ms=now_ms, random_bytes=random_bytes,
        each=limits.uploads_each, days=limits.upload_days,
    )  # fmt: skip
    rounds = Rounds(database, acceptor)
    arriving = ArrivingBundles(settings.bundles_folder, now_ms=now_ms, random_bytes=random_bytes)
    return Running(
        settings, station, database, acceptor, rounds, enrolling, gate, storage, uploads, arriving, now_ms, random_bytes
    )  # fmt: skip


def notice_restore(running: Running) -> None:
    """Begins a new epoch when the database is older than the mark outside it: it was restored from a backup."""
    mark = MarkFile(running.settings.keys_folder).read()
    with running.database.read() as connection:
        state = connection.execute(select(STATE)).one()
        own = running.acceptor.own_head(connection)
    if mark is None or (mark.epoch == state.epoch and mark.serial <= state.serial and mark.seq <= own.seq):
        # After a death between a commit and its mark this one is behind, and an older database would pass for this.
        running.acceptor.leave_mark(Mark(state.epoch, state.serial, own.seq, own.link.hex()))
        return
    begin_epoch(running, "restored from a backup", mark)


def begin_epoch(running: Running, reason: str, floor: Mark, *, skip: int = 0) -> str:
    epoch = running.random_bytes(8).hex()
    running.acceptor.begin_epoch(epoch, reason, floor=floor, skip=skip)
    return epoch


def begin_epoch_for(running: Running, standing: Standing, present: str, known_epoch: str, known_serial: int) -> str:
    """A new epoch because a reader, a person or another server, was given more than this database holds: it was restored with
    its mark.

    Own entries that were lost may be on devices, so their numbers are not used again. The reader is written down, for it is its
    word alone that the epoch hangs on. Raises :class:`Refused` (``busy``) when it has begun :data:`EPOCHS_A_DAY` of late: a
    station that was restored so often waits for another reader's word.
    """
    begun = (ACCESS_LOG.c.person == standing.person, ACCESS_LOG.c.what == BEGIN_EPOCH)
    of_late = select(func.count()).where(*begun, ACCESS_LOG.c.at_ms > running.now_ms() - DAY_MS)
    with running.database.read() as connection:
        state = connection.execute(select(STATE)).one()
        often = connection.execute(of_late).scalar_one() >= EPOCHS_A_DAY
    if state.epoch != present:  # another reader said so before
        return str(state.epoch)
    if often:
        raise Refused("busy", "this reader has begun epochs enough for a day")
    return begin_epoch_after_loss(running, standing, known_epoch, known_serial)


def begin_epoch_after_loss(
    running: Running, standing: Standing, known_epoch: str, known_serial: int, *, reason: str = "a reader is ahead"
) -> str:
    """A new epoch because somebody knows this journal in ``known_epoch`` up to ``known_serial``, and it is not so far."""
    with running.database.read() as connection:
        state = connection.execute(select(STATE)).one()
        own = running.acceptor.own_head(connection)
    running.log(standing, BEGIN_EPOCH, f"{known_epoch} {known_serial} after {state.epoch} {state.serial}")
    serial = min(max(known_serial, state.serial), state.serial + LOST_SERIALS)
    floor = Mark(known_epoch, serial, own.seq, own.link.hex())
    return begin_epoch(running, reason, floor, skip=LOST_OWN_ENTRIES)

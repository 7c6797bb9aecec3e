"""A new device becomes a writer: a one-time code, its own key, and a person at the station who compares six digits."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from journal.access import STATION_STREAM
from journal.chain import signed_by
from journal.entries import WriterEnrolled, WriterRevoked
from journal.names import WriterId, name_writer, register
from journal.sealed_box import BoxUnreadable
from journal.wire import JOIN_TOKEN_LIFE_S, EnrolReply, EnrolRequest, JoinCode, WireUnreadable, enrol_message, from_text, to_text
from sync_server.chains import SaltBoxes
from sync_server.database import Database
from sync_server.own_entries import OwnFact
from sync_server.problems import Refused
from sync_server.station import Station
from sync_server.tables import EnrolmentRow, JoinTokenRow, PersonRow, UnitRow, WriterRow, table_of

ENROLMENTS, JOIN_TOKENS = table_of(EnrolmentRow), table_of(JoinTokenRow)
PERSONS, UNITS, WRITERS = table_of(PersonRow), table_of(UnitRow), table_of(WriterRow)
CHECK_NUMBERS = 1_000_000
TOKEN_BYTES = 16


@dataclass(frozen=True)
class WaitingDevice:
    """A device that asked and whose check number nobody has confirmed yet."""

    writer: str
    person: str
    person_name: str
    unit: str
    device_name: str
    platform: str | None
    check_number: str
    asked_ms: int


class Enrolling:
    """Join codes, requests and their confirmation. ``write_own`` writes facts of the station into its chain."""

    def __init__(
        self,
        database: Database,
        station: Station,
        write_own: Callable[[Sequence[OwnFact]], frozenset[str]],
        *,
        now_ms: Callable[[], int],
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._database = database
        self._station = station
        self._write_own = write_own
        self._now_ms = now_ms
        self._random_bytes = random_bytes

    def issue_code(self, person: str) -> JoinCode:
        """A one-time code for a person of the register, good for a day. Raises :class:`Refused` (``not_found``)."""
        token = to_text(self._random_bytes(TOKEN_BYTES))
        with self._database.write() as connection:
            if self.home_unit(connection, person) is None:
                raise Refused("not_found", "no such person in the register")
            kept = {"person": person, "expires_ms": self._now_ms() + JOIN_TOKEN_LIFE_S * 1000, "used_by": None}
            connection.execute(JOIN_TOKENS.insert().values(token_hash=hash_token(token), **kept))
        return self._station.join_code(token)

    def home_unit(self, connection: Connection, person: str) -> str | None:
        """Unit of a person who is in the register and has not left."""
        where = (PERSONS.c.person == person, PERSONS.c.retired.is_(False))
        return connection.execute(select(PERSONS.c.home_unit).where(*where)).scalar_one_or_none()

    def ask(self, request: EnrolRequest) -> EnrolReply:
        """A device introduces itself. Asking again with the same key tells how it stands. Raises :class:`Refused`."""
        try:
            public_key, proof, box = from_text(request.public_key), from_text(request.proof), from_text(request.salt_key)
        except WireUnreadable as unreadable:
            raise Refused("invalid", str(unreadable)) from None
        if not signed_by(public_key, proof, enrol_message(request.token, public_key)):
            raise Refused("enrolment_proof")
        writer = name_writer(public_key)
        try:
            SaltBoxes(self._station).open(writer, request.first_period, box)
        except BoxUnreadable as unreadable:
            raise Refused("enrolment_proof", str(unreadable)) from None
        with self._database.write() as connection:
            person = self._redeem(connection, request.token, writer)
            known = connection.execute(select(ENROLMENTS.c.writer).where(ENROLMENTS.c.writer == writer)).one_or_none()
            if known is None:
                kept = {"device_name": request.device_name, "platform": request.platform, "first_period": request.first_period}
                connection.execute(
                    ENROLMENTS.insert().values(
                        writer=writer, public_key=public_key, salt_key=box, person=person, state="waiting",
                        check_number=self._draw_number(), asked_ms=self._now_ms(), **kept,
                    )
                )  # fmt: skip
            return self._reply(connection, writer)

    def _redeem(self, connection: Connection, token: str, writer: WriterId) -> str:
        """Person of a join token; from now on it is this writer's alone."""
        row = connection.execute(select(JOIN_TOKENS).where(JOIN_TOKENS.c.token_hash == hash_token(token))).one_or_none()
        if row is None or not row.person.startswith("person:"):
            raise Refused("join_code")
        if row.used_by not in {None, writer} or (row.used_by is None and row.expires_ms <= self._now_ms()):
            raise Refused("join_code")
        connection.execute(JOIN_TOKENS.update().where(JOIN_TOKENS.c.token_hash == row.token_hash).values(used_by=writer))
        return str(row.person)

    def _draw_number(self) -> str:
        return f"{int.from_bytes(self._random_bytes(8), 'big') % CHECK_NUMBERS:06d}"

    def look(self, connection: Connection, writer: str) -> EnrolReply:
        """How an enrolment stands. Raises :class:`Refused` (``writer_unknown``)."""
        return self._reply(connection, writer)

    def _reply(self, connection: Connection, writer: str) -> EnrolReply:
        row = connection.execute(select(ENROLMENTS).where(ENROLMENTS.c.writer == writer)).one_or_none()
        if row is None:
            raise Refused("writer_unknown")
        person = connection.execute(select(PERSONS).where(PERSONS.c.person == row.person)).one()
        unit_name = connection.execute(select(UNITS.c.name).where(UNITS.c.code == person.home_unit)).scalar_one_or_none()
        return EnrolReply(
            state=row.state,
            writer=writer,
            person=row.person,
            person_name=person.name,
            unit=person.home_unit,
            unit_name=unit_name or person.home_unit,
            check_number=row.check_number,
        )

    def waiting(self, connection: Connection) -> list[WaitingDevice]:
        """Devices that wait for a person to compare their number, oldest first."""
        rows = connection.execute(
            select(ENROLMENTS, PERSONS.c.name, PERSONS.c.home_unit)
            .join_from(ENROLMENTS, PERSONS, PERSONS.c.person == ENROLMENTS.c.person)
            .where(ENROLMENTS.c.state == "waiting")
            .order_by(ENROLMENTS.c.asked_ms)
        )
        return [
            WaitingDevice(
                row.writer, row.person, row.name, row.home_unit, row.device_name, row.platform, row.check_number, row.asked_ms
            )
            for row in rows
        ]

    def confirm(self, writer: str, confirmed_by: str | None) -> EnrolReply:
        """A person saw the same number on both screens: from now on the key writes for its person."""
        with self._database.write() as connection:
            row = connection.execute(select(ENROLMENTS).where(ENROLMENTS.c.writer == writer)).one_or_none()
            if row is None:
                raise Refused("writer_unknown")
            if row.state == "refused":
                raise Refused("writer_refused")
            enrolled = connection.execute(select(WRITERS.c.writer).where(WRITERS.c.writer == writer)).one_or_none()
        if enrolled is None:
            fact = WriterEnrolled(
                public_key=to_text(row.public_key),
                person=row.person,
                device_name=row.device_name,
                platform=row.platform,
                confirmed_by=confirmed_by,
                first_period=row.first_period,
            )
            self._write_own([OwnFact(fact, register("writer", writer), STATION_STREAM)])
        return self._decide(writer, "confirmed")

    def refuse(self, writer: str) -> EnrolReply:
        """The numbers differ, or nobody knows the device."""
        with self._database.read() as connection:
            if self._reply(connection, writer).state == "confirmed":
                raise Refused("not_allowed", "the device is confirmed; revoke it instead")
        return self._decide(writer, "refused")

    def _decide(self, writer: str, state: str) -> EnrolReply:
        with self._database.write() as connection:
            connection.execute(ENROLMENTS.update().where(ENROLMENTS.c.writer == writer).values(state=state))
            return self._reply(connection, writer)

    def revoke(self, writer: str, reason: str) -> frozenset[str]:
        """What arrives from this writer from now on is held, and it reads nothing more. Raises :class:`Refused`."""
        with self._database.read() as connection:
            if connection.execute(select(WRITERS.c.writer).where(WRITERS.c.writer == writer)).one_or_none() is None:
                raise Refused("writer_unknown")
        return self._write_own([OwnFact(WriterRevoked(reason=reason), register("writer", writer))])


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

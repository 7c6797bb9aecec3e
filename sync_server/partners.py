"""Servers that this one gives to and takes from: who they are, what they may see here, how far both have come."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Row, select

from journal.access import ROLES, Roles, Standing
from journal.entries import WriterEnrolled
from journal.names import register
from journal.parcel import Got, Parcel, PhotoWanted, Relays, RelayStands
from journal.wire import to_text
from sync_server.chains import CHAINS
from sync_server.own_entries import OwnFact
from sync_server.problems import Refused
from sync_server.register import UNITS, WRITERS, standing_of_person
from sync_server.tables import PartnerRow, table_of

PARTNERS = table_of(PartnerRow)
State = Literal["waiting", "confirmed", "refused", "ended"]
OWNERS_ROLES = frozenset({"chi_huy"})
"""What a server reads with in the streams of its own units."""


@dataclass(frozen=True)
class Partner:
    """A row of the table, in hand."""

    id: str
    name: str
    public_key: bytes
    sealing_key: bytes
    above: bool
    address: str
    ca_pem: str
    state: State
    check_number: str
    taken: Got | None
    epochs: tuple[str, ...]
    given: Got | None
    given_ms: int
    wanted: tuple[str, ...]
    clashes: tuple[str, ...]
    their_clashes: tuple[str, ...]
    trouble: str

    @property
    def asked_for(self) -> tuple[PhotoWanted, ...]:
        """Photos that it asked for last; it knows itself how much it has of each."""
        return tuple(PhotoWanted(sha256=sha256) for sha256 in self.wanted)

    @property
    def person(self) -> str:
        """Whom the register knows it by."""
        return register("station", self.id)


def _in_hand(row: Row[Any]) -> Partner:
    return Partner(
        id=row.partner, name=row.name, public_key=row.public_key, sealing_key=row.sealing_key, above=row.above,
        address=row.address, ca_pem=row.ca_pem, state=row.state, check_number=row.check_number, given_ms=row.given_ms,
        wanted=tuple(row.wanted), clashes=tuple(row.clashes), their_clashes=tuple(row.their_clashes), trouble=row.trouble,
        epochs=tuple(row.epochs),
        taken=Got.unpack(row.taken) if row.taken else None, given=Got.unpack(row.given) if row.given else None,
    )  # fmt: skip


def list_partners(connection: Connection) -> list[Partner]:
    rows = connection.execute(select(PARTNERS).order_by(PARTNERS.c.asked_ms, PARTNERS.c.partner)).all()
    return [_in_hand(row) for row in rows]


def tell_relays(connection: Connection) -> Relays:
    """How far each admitted server and this one have what the other gave."""
    return Relays(
        relays=tuple(
            RelayStands(
                name=one.name, above=one.above, given_ms=one.given.as_of_ms if one.given else None,
                taken_ms=one.taken.as_of_ms if one.taken else None, reached=not one.trouble,
            )
            for one in list_partners(connection)
            if one.state == "confirmed"
        )
    )  # fmt: skip


def find_partner(connection: Connection, partner: str) -> Partner:
    """Raises :class:`Refused` (``writer_unknown``)."""
    row = connection.execute(select(PARTNERS).where(PARTNERS.c.partner == partner)).one_or_none()
    if row is None:
        raise Refused("writer_unknown", f"{partner} was never admitted here")
    return _in_hand(row)


def admitted(connection: Connection, partner: str) -> Partner:
    """Raises :class:`Refused` for one that nobody has confirmed, or that was refused or ended."""
    one = find_partner(connection, partner)
    if one.state != "confirmed":
        raise Refused({"waiting": "writer_waiting", "refused": "writer_refused"}.get(one.state, "revoked"))
    return one


def standing_of_partner(connection: Connection, partner: Partner, now_ms: int) -> Standing:
    """What it may see here: by the roles that it was given, and all that is in the streams of its own units."""
    given = standing_of_person(connection, partner.person, partner.id, now_ms)
    return Standing(given.person, given.writer, {**given.roles, **dict.fromkeys(_owned_by(connection, partner), OWNERS_ROLES)})


def roles_through(connection: Connection, partner: Partner, now_ms: int) -> Roles:
    """With which its people act here: those that it was given, and in its own units all: it has judged already who may there."""
    given = standing_of_person(connection, partner.person, partner.id, now_ms)
    return {**given.roles, **dict.fromkeys(_owned_by(connection, partner), frozenset(ROLES))}


def _owned_by(connection: Connection, partner: Partner) -> list[str]:
    return list(connection.execute(select(UNITS.c.code).where(UNITS.c.via == partner.id)).scalars())


def writers_via(connection: Connection, partner: Partner) -> frozenset[str]:
    """Writers whose entries come through it, itself among them."""
    found = connection.execute(select(WRITERS.c.writer).where(WRITERS.c.via == partner.id)).scalars()
    return frozenset({*found, partner.id})


def got_of(connection: Connection, partner: Partner) -> Got | None:
    """How far what it gave is here; None before anything was."""
    if partner.taken is None:
        return None
    heads = connection.execute(
        select(CHAINS.c.writer, CHAINS.c.head_seq).where(
            CHAINS.c.writer.in_(writers_via(connection, partner)), CHAINS.c.branch == 0
        )
    )
    return partner.taken.model_copy(update={"heads": {row.writer: row.head_seq for row in heads}})


def note_what_it_has(connection: Connection, partner: Partner, parcel: Parcel, now_ms: int) -> None:
    """Keeps what its letter says of ours."""
    values: dict[str, object] = {
        "given": parcel.got.packed().decode() if parcel.got else "",
        "wanted": [one.sha256 for one in parcel.wanted],
        "their_clashes": list(parcel.clashes),
    }
    if parcel.got is not None:
        values["given_ms"] = now_ms
    change_partner(connection, partner.id, values)


def change_partner(connection: Connection, partner: str, values: Mapping[str, object]) -> None:
    connection.execute(PARTNERS.update().where(PARTNERS.c.partner == partner).values(**values))


def enrolled_fact(partner: str, name: str, public_key: bytes) -> OwnFact:
    """A server writes too: alarms, and what it says of its own register. From the moment it is admitted its key is known."""
    person = register("station", partner)
    fact = WriterEnrolled(public_key=to_text(public_key), person=person, device_name=name, first_period=0, via=partner)
    return OwnFact(fact, register("writer", partner))

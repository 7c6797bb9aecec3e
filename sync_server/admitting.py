"""The province's side of a station's admission: a one-time code, and a person who compares six digits."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from journal.access import ROLES as ROLE_CODES
from journal.chain import signed_by
from journal.entries import RoleGiven, RoleTaken
from journal.names import name_writer
from journal.parcel import JoinStanding, StationJoin, join_message
from journal.wire import JOIN_TOKEN_LIFE_S, JoinCode, WireUnreadable, from_text, to_text
from sync_server.enrol import CHECK_NUMBERS, JOIN_TOKENS, TOKEN_BYTES, hash_token
from sync_server.own_entries import OwnFact
from sync_server.partners import PARTNERS, Partner, change_partner, enrolled_fact, find_partner
from sync_server.problems import Refused
from sync_server.register import UNITS
from sync_server.running import Running

FOR_A_STATION = "station"
"""In place of the person, in the row of a join token."""


def issue_station_code(running: Running) -> JoinCode:
    """A one-time code for a station, good for a day."""
    token = to_text(running.random_bytes(TOKEN_BYTES))
    expires_ms = running.now_ms() + JOIN_TOKEN_LIFE_S * 1000
    with running.database.write() as connection:
        connection.execute(
            JOIN_TOKENS.insert().values(token_hash=hash_token(token), person=FOR_A_STATION, expires_ms=expires_ms, used_by=None)
        )
    return running.station.join_code(token)


def ask_to_join(running: Running, ask: StationJoin) -> JoinStanding:
    """Takes a station's request; asking again with the same key is harmless. One that was turned away or ended waits again when
    it brings a code that nobody used: a person wants it back. Raises :class:`Refused`."""
    try:
        signing_key, sealing_key, proof = (from_text(one) for one in (ask.signing_key, ask.sealing_key, ask.proof))
    except WireUnreadable as unreadable:
        raise Refused("invalid", str(unreadable)) from None
    if len(sealing_key) != 32 or not signed_by(signing_key, proof, join_message(ask.token, signing_key, sealing_key)):  # noqa: PLR2004
        raise Refused("enrolment_proof")
    station = name_writer(signing_key)
    with running.database.write() as connection:
        row = connection.execute(select(JOIN_TOKENS).where(JOIN_TOKENS.c.token_hash == hash_token(ask.token))).one_or_none()
        unused = row is not None and row.used_by is None and row.expires_ms > running.now_ms()
        if row is None or row.person != FOR_A_STATION or not (unused or row.used_by == station):
            raise Refused("join_code")
        connection.execute(JOIN_TOKENS.update().where(JOIN_TOKENS.c.token_hash == row.token_hash).values(used_by=station))
        known = connection.execute(select(PARTNERS).where(PARTNERS.c.partner == station)).one_or_none()
        number = f"{int.from_bytes(running.random_bytes(8), 'big') % CHECK_NUMBERS:06d}"
        asked = {"name": ask.name, "sealing_key": sealing_key, "state": "waiting", "check_number": number}
        if known is None:
            connection.execute(
                PARTNERS.insert().values(
                    partner=station, public_key=signing_key, above=False, address="", ca_pem="", asked_ms=running.now_ms(),
                    taken="", given="", given_ms=0, epochs=[], wanted=[], clashes=[], their_clashes=[], trouble="", **asked,
                )
            )  # fmt: skip
        elif unused and known.state in {"refused", "ended"} and not known.above:
            change_partner(connection, station, asked)
        one = find_partner(connection, station)
    if one.state == "ended":
        raise Refused("revoked")
    return JoinStanding(state=one.state, station=station, check_number=one.check_number)


def confirm_station(running: Running, station: str) -> Partner:
    """A person saw the same number on both screens. Raises :class:`Refused`."""
    with running.database.read() as connection:
        one = find_partner(connection, station)
    if one.state not in {"waiting", "confirmed"}:
        raise Refused("writer_refused")
    if one.state == "waiting":
        running.acceptor.write_own([enrolled_fact(station, one.name, one.public_key)])
    return _decide(running, station, "confirmed")


def refuse_station(running: Running, station: str) -> Partner:
    with running.database.read() as connection:
        if find_partner(connection, station).state != "waiting":
            raise Refused("not_allowed", "it does not wait; end it instead")
    return _decide(running, station, "refused")


def end_partner(running: Running, partner: str) -> Partner:
    """Nothing is given to it or taken from it any more; what came through it stays."""
    with running.database.read() as connection:
        find_partner(connection, partner)
    return _decide(running, partner, "ended")


def _decide(running: Running, partner: str, state: str) -> Partner:
    with running.database.write() as connection:
        change_partner(connection, partner, {"state": state})
        return find_partner(connection, partner)


def check_roles(connection: Connection, asked: Sequence[str]) -> None:
    """Raises :class:`Refused` (``invalid``) for what is no ``UNIT:role`` here."""
    units = set(connection.execute(select(UNITS.c.code)).scalars())
    for one in asked:
        unit, _, role = one.partition(":")
        if unit not in units or role not in ROLE_CODES:
            raise Refused("invalid", f"{one}: no such unit or role")


def change_roles(running: Running, partner: str, give: Sequence[str], take: Sequence[str], reason: str) -> None:
    """Roles of a server here, each written ``UNIT:role``: they open what it may see, and what its people may do. Raises
    :class:`Refused`."""
    facts: list[OwnFact] = []
    with running.database.read() as connection:
        person = find_partner(connection, partner).person
        check_roles(connection, [*give, *take])
    for one, given in [*((one, True) for one in give), *((one, False) for one in take)]:
        unit, _, role = one.partition(":")
        body = RoleGiven(role=role, in_unit=unit) if given else RoleTaken(role=role, in_unit=unit, reason=reason)
        facts.append(OwnFact(body, person))
    if facts:
        running.acceptor.write_own(facts)

"""The command ``relay``: a station and the province above it, admitted, looked at, and joined by files where there is no line."""

import asyncio
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from pathlib import Path

from journal.clock import moment
from journal.parcel import StationJoin
from journal.wire import JoinCode, WireUnreadable
from sync_server.admitting import (
    ask_to_join,
    change_roles,
    check_roles,
    confirm_station,
    end_partner,
    issue_station_code,
    refuse_station,
)
from sync_server.giving import Asking
from sync_server.joining import join_by_file, join_province, signed_card
from sync_server.parcels import make_parcel, take_parcel
from sync_server.partners import Partner, find_partner, list_partners
from sync_server.running import Running
from sync_server.serve import read_epoch
from sync_server.uplink import NotReached, call_over_tls, exchange_all

Say = Callable[..., None]


def relay_arguments(parser: ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True)
    code = acts.add_parser("code", help="at the province: print a one-time code for a station")
    code.add_argument("--card", type=Path, help="also write this server's card, for a station without a line")
    join = acts.add_parser("join", help="at the station: ask the province with its code")
    join.add_argument("code")
    join.add_argument("--card", type=Path, help="without a line: the province's card, as it was carried here")
    join.add_argument("--ask", type=Path, help="without a line: where to write the request, to be carried to the province")
    join.add_argument("--give", action="append", default=[], help="UNIT:role that the province gets here; may be repeated")
    acts.add_parser("asked", help="at the province: take a station's request that was carried here").add_argument(
        "file", type=Path
    )
    acts.add_parser("state", help="who is admitted, how far both sides have come, what clashes")
    for act, text in (
        ("confirm", "let a waiting station in; compare its six digits first"),
        ("refuse", "turn a waiting station away"),
        ("end", "give nothing to it and take nothing from it any more"),
        ("now", "at the station: exchange now over the network"),
    ):
        acts.add_parser(act, help=text).add_argument("server", help="its id, as state shows it")
    roles = acts.add_parser("roles", help="change what the other server may see and do here")
    roles.add_argument("server")
    roles.add_argument("--give", action="append", default=[], help="UNIT:role")
    roles.add_argument("--take", action="append", default=[], help="UNIT:role")
    roles.add_argument("--reason", default="by the administrator")
    make = acts.add_parser("make", help="write a sealed file for the other server, to be carried")
    make.add_argument("server")
    make.add_argument("file", type=Path)
    bring = acts.add_parser("bring", help="take in a sealed file that was carried here")
    bring.add_argument("file", type=Path)


def relay(running: Running, asked: Namespace, say: Say) -> int:
    return ACTS[asked.act](running, asked, say)


def _code(running: Running, asked: Namespace, say: Say) -> int:
    if asked.card is not None:
        with running.database.read() as connection:
            epoch = read_epoch(connection)
        asked.card.write_bytes(signed_card(running, epoch))
    say(issue_station_code(running).as_text())
    return 0


def _join(running: Running, asked: Namespace, say: Say) -> int:
    with running.database.read() as connection:
        check_roles(connection, asked.give)
    if asked.card is not None and asked.ask is not None:
        asked.ask.write_bytes(join_by_file(running, asked.code, asked.card.read_bytes()))
        change_roles(running, JoinCode.from_text(asked.code).station, asked.give, [], "")
        say(f"Carry {asked.ask} to the province. It confirms {running.station.writer}, the id of this station: read it out.")
        return 0
    try:
        standing = asyncio.run(join_province(running, asked.code, call_over_tls))
    except NotReached as trouble:
        say(f"The province was not reached: {trouble}")
        return 1
    with running.database.read() as connection:
        province = find_partner(connection, JoinCode.from_text(asked.code).station)
    change_roles(running, province.id, asked.give, [], "")
    say(f"{province.name} ({province.id}) shows the number {standing.check_number} for this station: {standing.state}.")
    return 0


def _asked(running: Running, asked: Namespace, say: Say) -> int:
    try:
        standing = ask_to_join(running, StationJoin.unpack(asked.file.read_bytes()))
    except WireUnreadable as unreadable:
        say(str(unreadable))
        return 1
    say(f"{standing.station} asks: {standing.state}. Confirm it once somebody at the station has read out this id.")
    return 0


def _state(running: Running, _asked: Namespace, say: Say) -> int:
    with running.database.read() as connection:
        partners = list_partners(connection)
    for one in partners:
        say(*_lines(one))
    return 0


def _lines(one: Partner) -> list[str]:
    lines = [f"{one.id}  {one.check_number}  {one.state:9}  {'above' if one.above else 'below'}  {one.name}"]
    if one.given is not None:
        lines.append(
            f"    has ours as of {moment(one.given.as_of_ms):%Y-%m-%d %H:%M} UTC, said {moment(one.given_ms):%Y-%m-%d %H:%M}"
        )
    if one.taken is not None:
        lines.append(f"    we have theirs as of {moment(one.taken.as_of_ms):%Y-%m-%d %H:%M} UTC")
    lines += [f"    clashes here: {code}" for code in one.clashes] + [f"    clashes there: {code}" for code in one.their_clashes]
    return [*lines, f"    not reached: {one.trouble}"] if one.trouble else lines


def _confirm(running: Running, asked: Namespace, say: Say) -> int:
    say(f"{confirm_station(running, asked.server).name} is let in.")
    return 0


def _refuse(running: Running, asked: Namespace, say: Say) -> int:
    say(f"{refuse_station(running, asked.server).name} is turned away.")
    return 0


def _end(running: Running, asked: Namespace, say: Say) -> int:
    say(f"Nothing passes between here and {end_partner(running, asked.server).name} any more.")
    return 0


def _roles(running: Running, asked: Namespace, say: Say) -> int:
    change_roles(running, asked.server, asked.give, asked.take, asked.reason)
    say(f"{len(asked.give) + len(asked.take)} roles changed.")
    return 0


def _now(running: Running, asked: Namespace, say: Say) -> int:
    async def call() -> None:
        with running.database.read() as connection:
            partner = find_partner(connection, asked.server)
        async with call_over_tls(partner.address, partner.ca_pem) as client:
            await exchange_all(running, partner.id, client)

    try:
        asyncio.run(call())
    except NotReached as trouble:
        say(f"The province was not reached: {trouble}")
        return 1
    say("Both sides have all.")
    return 0


def _make(running: Running, asked: Namespace, say: Say) -> int:
    with running.database.read() as connection:
        partner = find_partner(connection, asked.server)
    made = asyncio.run(make_parcel(running, partner.id, Asking.for_a_file(partner.given, partner.asked_for)))
    asked.file.write_bytes(made.raw)
    more = " There is more: make another when this one was answered." if made.parcel.more else ""
    say(f"{asked.file}: {len(made.parcel.given)} entries, {len(made.parcel.pieces)} photos for {partner.name}.{more}")
    return 0


def _bring(running: Running, asked: Namespace, say: Say) -> int:
    came = asyncio.run(take_parcel(running, asked.file.read_bytes()))
    if came.letter.is_early:
        say("A file before this one never came, so nothing was taken. Bring it, or make an answer: it asks again.")
        return 1
    if came.letter.is_old:
        say("It is older than what was taken already: nothing of it is new.")
        return 0
    say(f"From {came.parcel.giver}: {came.letter.new} new entries, {came.letter.held} of them held, {came.photos} photos.")
    return 0


ACTS: Mapping[str, Callable[[Running, Namespace, Say], int]] = {
    "code": _code,
    "join": _join,
    "asked": _asked,
    "state": _state,
    "confirm": _confirm,
    "refuse": _refuse,
    "end": _end,
    "roles": _roles,
    "now": _now,
    "make": _make,
    "bring": _bring,
}
"""By the word after ``relay``."""

"""A station joins the province above it: over the network with a one-time code, or by files where there is no line at all."""

import hashlib
import ssl

import httpx

from journal.names import name_writer
from journal.parcel import JoinStanding, StationJoin, join_message
from journal.wire import JoinCode, Signed, StationCard, WireUnreadable, from_text, to_text
from sync_server.partners import PARTNERS, change_partner, enrolled_fact, list_partners
from sync_server.problems import Refused
from sync_server.running import Running
from sync_server.uplink import TIMEOUT_S, Call, NotReached, fetch

SMALL_ANSWER_BYTES = 65_536
_OTHER = "the server is not the one of the code"


async def join_province(running: Running, code_text: str, call: Call) -> JoinStanding:
    """Asks to be admitted; what is to be compared is in the answer. Asking again is harmless.

    Raises :class:`NotReached`, :class:`Refused` (``join_code``).
    """
    code = _read_code(code_text)
    ca_pem = await _fetch_authority(code) if code.ca_sha256 else ""
    ask = _request(running, code)
    try:
        async with call(code.address, ca_pem) as client:
            card = StationCard.unpack(await fetch(client, "GET", "/station", b"", SMALL_ANSWER_BYTES))
            _check_card(code, card)
            answer = JoinStanding.unpack(await fetch(client, "POST", "/relay/join", ask.packed(), SMALL_ANSWER_BYTES))
    except WireUnreadable as unreadable:
        raise NotReached(str(unreadable)) from None
    await running.database.writing(lambda: _keep_province(running, code, card, ca_pem, answer.check_number))
    return answer


def join_by_file(running: Running, code_text: str, signed_card: bytes) -> bytes:
    """The request, to be carried to the province, after its card was carried here. Raises :class:`Refused` (``join_code``)."""
    code = _read_code(code_text)
    try:
        signed = Signed.unpack(signed_card)
        card = StationCard.unpack(signed.message)
        is_signed = signed.holds_for(from_text(card.signing_key))
    except WireUnreadable:
        raise Refused("join_code", "no card of a province") from None
    _check_card(code, card)
    ca_pem = card.ca_pem or ""
    if not is_signed or (code.ca_sha256 is not None and _pin(ca_pem) != code.ca_sha256):
        raise Refused("join_code", _OTHER)
    _keep_province(running, code, card, ca_pem, "")
    return _request(running, code).packed()


def signed_card(running: Running, epoch: str) -> bytes:
    """This server's card as a file: what is sealed to it is sealed to nobody else."""
    return Signed.sign(running.station.signing_key, running.station.card(epoch)).packed()


def _read_code(text: str) -> JoinCode:
    try:
        return JoinCode.from_text(text)
    except WireUnreadable:
        raise Refused("join_code") from None


def _check_card(code: JoinCode, card: StationCard) -> None:
    if name_writer(from_text(card.signing_key)) != code.station:
        raise Refused("join_code", _OTHER)


def _request(running: Running, code: JoinCode) -> StationJoin:
    station = running.station
    sealing = station.sealing_key.public_key().public_bytes_raw()
    return StationJoin(
        token=code.token,
        name=station.name,
        signing_key=to_text(station.public_key),
        sealing_key=to_text(sealing),
        proof=to_text(station.signing_key.sign(join_message(code.token, station.public_key, sealing))),
    )


async def _fetch_authority(code: JoinCode) -> str:
    """The authority that the code pins; believed for its hash alone."""
    unchecked = httpx.AsyncClient(base_url=code.address, verify=False, timeout=TIMEOUT_S, trust_env=False)
    async with unchecked as client:
        pem = (await fetch(client, "GET", "/ca", b"", SMALL_ANSWER_BYTES)).decode("ascii", "replace")
    if _pin(pem) != code.ca_sha256:
        raise Refused("join_code", _OTHER)
    return pem


def _pin(pem: str) -> str:
    try:
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
    except ValueError:
        return ""


def _keep_province(running: Running, code: JoinCode, card: StationCard, ca_pem: str, check_number: str) -> None:
    """A province that is known already keeps what was taken of it; where it is may have changed."""
    known_by = {"address": code.address, "ca_pem": ca_pem, "state": "confirmed", "check_number": check_number, "name": card.name}
    with running.database.read() as connection:
        is_known = any(one.id == code.station for one in list_partners(connection))
    if not is_known:
        running.acceptor.write_own([enrolled_fact(code.station, card.name, from_text(card.signing_key))])
    with running.database.write() as connection:
        if is_known:
            change_partner(connection, code.station, known_by)
            return
        connection.execute(
            PARTNERS.insert().values(
                partner=code.station, public_key=from_text(card.signing_key), sealing_key=from_text(card.sealing_key), above=True,
                asked_ms=running.now_ms(), taken="", epochs=[], given="", given_ms=0, wanted=[], clashes=[], their_clashes=[],
                trouble="", **known_by,
            )
        )  # fmt: skip

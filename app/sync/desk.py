"""What a desk asks of its station besides entries: join codes, the word on devices that wait, what the station holds back."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from app.sync.answers import Answer, NotOurStation
from app.sync.server_client import ServerClient
from journal.copied import Copied
from journal.looked import Looked
from journal.parcel import Relays, RelayStands
from journal.wire import EnrolReply

_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class WaitingDevice:
    """A device that asked to join. The person at the desk compares ``check_number`` with what it shows."""

    writer: str
    person: str
    person_name: str
    unit: str
    device_name: str
    platform: str | None
    check_number: str
    asked_ms: int


@dataclass(frozen=True)
class HeldThere:
    """An entry that the station holds back: who sent it, in which unit it may be let in, why it is held, on which branch of its
    chain, and its bytes as text."""

    ref: str
    person: str
    unit: str
    reason: str
    received_ms: int
    branch: int
    raw: str


@dataclass(frozen=True)
class OpenedSource:
    """Who told a tip, and whose device sealed it."""

    name: str
    phone: str
    how: str
    person: str
    sealed_ms: int


class _OpenedSources(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    subject: str
    sources: tuple[OpenedSource, ...]


class _HeldPage(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    until: int
    held: tuple[HeldThere, ...]


class _JoinCode(BaseModel):
    model_config = ConfigDict(frozen=True)
    person: str
    code: str


_DEVICES = TypeAdapter(list[WaitingDevice])


async def issue_join_code(client: ServerClient, person: str) -> str:
    """Text for the QR of a person's new device: ``TT1.…``, good once and for a day. Raises :class:`ExchangeFailed`."""
    body = TypeAdapter(dict[str, str]).dump_json({"person": person})
    answer = await client.ask("POST", "/join-codes", expect=frozenset({201}), content=body, headers=_JSON, with_token=True)
    try:
        return _JoinCode.model_validate_json(answer.content).code
    except ValidationError as unreadable:
        raise NotOurStation("no join code") from unreadable


async def waiting_devices(client: ServerClient) -> list[WaitingDevice]:
    """Devices of the own units that wait for a word, oldest first. Raises :class:`ExchangeFailed`."""
    answer = await client.ask("GET", "/enrolments", with_token=True)
    try:
        return _DEVICES.validate_json(answer.content)
    except ValidationError as unreadable:
        raise NotOurStation("no list of devices") from unreadable


async def confirm_device(client: ServerClient, writer: str) -> EnrolReply:
    """Both screens showed the same number: the device's key writes for its person from now on."""
    return (await _decide(client, writer, "confirm")).read_as(EnrolReply)


async def refuse_device(client: ServerClient, writer: str) -> EnrolReply:
    """The numbers differ, or nobody knows the device."""
    return (await _decide(client, writer, "refuse")).read_as(EnrolReply)


async def revoke_device(client: ServerClient, writer: str, reason: str) -> None:
    """Lost or stolen: what it sends from now on is held, and it reads nothing more."""
    body = TypeAdapter(dict[str, str]).dump_json({"reason": reason})
    await _decide(client, writer, "revoke", body)


async def entries_held(client: ServerClient) -> list[HeldThere]:
    """What the station holds back in the units where this person may let something in, as it arrived, own entries apart.

    Raises :class:`ExchangeFailed`; :class:`ServerRefused` for who may let nothing in.
    """
    held: list[HeldThere] = []
    after = 0
    while True:
        answer = await client.ask("GET", "/held", with_token=True, params={"after": str(after)})
        try:
            page = _HeldPage.model_validate_json(answer.content)
        except ValidationError as unreadable:
            raise NotOurStation("no list of held entries") from unreadable
        if not page.held or page.until <= after:
            return held
        held += page.held
        after = page.until


async def open_source(client: ServerClient, subject: str, reason: str) -> tuple[OpenedSource, ...]:
    """Who told what this record says, the newest first; the reason is in the station's log. Raises :class:`ExchangeFailed`."""
    body = TypeAdapter(dict[str, str]).dump_json({"reason": reason})
    answer = await client.ask("POST", f"/sources/{subject}", content=body, headers=_JSON, with_token=True)
    try:
        return _OpenedSources.model_validate_json(answer.content).sources
    except ValidationError as unreadable:
        raise NotOurStation("no sources") from unreadable


async def read_access_log(client: ServerClient, *, about: str = "", person: str = "", before: int = 0) -> Looked:
    """Who looked at this record, or what this person asked for; of all, with neither. Raises :class:`ExchangeFailed`."""
    asked = {"about": about, "person": person, "before": str(before)}
    answer = await client.ask("GET", "/access-log", with_token=True, params=asked)
    try:
        return Looked.model_validate_json(answer.content)
    except ValidationError as unreadable:
        raise NotOurStation("no access log") from unreadable


async def read_relays(client: ServerClient) -> tuple[RelayStands, ...]:
    """How far the station and the servers that it gives to have come, such as the province. Raises :class:`ExchangeFailed`."""
    return (await client.ask("GET", "/relay", with_token=True)).read_as(Relays).relays


async def read_copied(client: ServerClient) -> Copied:
    """When the station was copied last. Raises :class:`ExchangeFailed`."""
    return (await client.ask("GET", "/copies", with_token=True)).read_as(Copied)


async def _decide(client: ServerClient, writer: str, word: str, body: bytes | None = None) -> Answer:
    path = f"/enrolments/{writer}/{word}"
    return await client.ask("POST", path, expect=frozenset({200, 204}), content=body, headers=_JSON, with_token=True)

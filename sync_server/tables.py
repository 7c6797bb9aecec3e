"""The station's tables: the journal with what was granted of it, what it keeps beside the journal, and the views."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Index, LargeBinary, Table, inspect, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class StationTable(SQLModel, registry=registry()):
    """Own registry, so that the station's tables never mix with those of another program in the same process."""


def number(*, primary_key: bool = False, index: bool = False, nullable: bool = False, unique: bool = False) -> Any:
    """A 64-bit integer column: sequence numbers, milliseconds and sizes outgrow 32 bits on PostgreSQL."""
    return Field(
        sa_type=BigInteger, primary_key=primary_key, index=index, nullable=nullable, unique=unique,
        sa_column_kwargs={"autoincrement": False} if primary_key else {},
    )  # fmt: skip


def codes() -> Any:
    """A short list of codes; never searched by SQL."""
    return Field(sa_type=JSON, nullable=False)


# --- the journal ------------------------------------------------------------------------------------------------------


class EntryRow(StationTable, table=True):
    """One entry as it was signed. Never changed, but for a held one that is let in and one that the law erases."""

    __tablename__ = "entry"
    __table_args__ = (
        Index(
            "entry_counted_late", "writer", "seq",
            sqlite_where=text("let_in > arrived"), postgresql_where=text("let_in > arrived"),
        ),
    )  # fmt: skip
    """Those few are asked for at every push: their author is told of them."""
    writer: str = Field(primary_key=True)
    seq: int = number(primary_key=True)
    branch: int = number(primary_key=True)
    """0 is the chain that stands; others are held branches of a forked writer."""
    arrived: int = number(unique=True)
    """Order of arrival over all writers."""
    received_ms: int = number()
    leaf: bytes = Field(sa_type=LargeBinary)
    link: bytes = Field(sa_type=LargeBinary)
    salt: bytes | None = Field(default=None, sa_type=LargeBinary)
    """Kept once the month's salt key was destroyed for an erased entry, and of what came through another server."""
    raw: bytes | None = Field(sa_type=LargeBinary)
    """None when the law erased it, and where another server gave the leaf alone."""
    fact: str
    unit: str
    subject: str = Field(index=True)
    reason: str | None = None
    """Why it was held on arrival; stays when it is let in later."""
    let_in: int | None = number(nullable=True, unique=True)
    """Place in the order in which entries began to count; None while held."""


class ChainRow(StationTable, table=True):
    """How far a writer's chain, or a held branch of it, reaches without a gap."""

    __tablename__ = "chain"
    writer: str = Field(primary_key=True)
    branch: int = number(primary_key=True)
    from_seq: int = number()
    head_seq: int = number()
    head_link: bytes = Field(sa_type=LargeBinary)
    head_signature: bytes | None = Field(default=None, sa_type=LargeBinary)
    """The writer's own over the head's link; None where a station alone vouches for it."""


class GrantRow(StationTable, table=True):
    """An entry became visible in a stream, or is taken back from it. Readers' cursors run over ``serial``."""

    __tablename__ = "granted"
    __table_args__ = (
        Index("granted_by_stream", "stream", "serial"),
        Index("granted_by_entry", "writer", "seq", "stream", "serial"),
    )
    serial: int = number(primary_key=True)
    stream: str
    writer: str
    seq: int = number()
    kind: str
    """``give``, ``narrow`` or ``take``."""
    granted_ms: int = number()


class StationStateRow(StationTable, table=True):
    """One row: the epoch, and the counters that are moved only under the accept lock."""

    __tablename__ = "station_state"
    id: int = number(primary_key=True)
    epoch: str
    arrivals: int = number()
    serial: int = number()
    stamp_ms: int = number()
    stamp_n: int = number()
    """Last hybrid stamp of the station's own entries."""


class SkippedRow(StationTable, table=True):
    """Serials that were left out when a server began to write: nobody was given one, unless in a life that a restore undid."""

    __tablename__ = "skipped"
    after: int = number(primary_key=True)
    """The last serial before them."""
    until: int = number()
    """The last one left out."""


# --- kept beside the journal ------------------------------------------------------------------------------------------


class EnrolmentRow(StationTable, table=True):
    """What a device brought when it introduced itself. The salt key stays sealed to the station."""

    __tablename__ = "enrolment"
    writer: str = Field(primary_key=True)
    public_key: bytes = Field(sa_type=LargeBinary)
    salt_key: bytes = Field(sa_type=LargeBinary)
    first_period: int = number()
    person: str
    device_name: str
    platform: str | None = None
    state: str
    check_number: str
    asked_ms: int = number()


class JoinTokenRow(StationTable, table=True):
    """A one-time token of a join code; only its hash is kept."""

    __tablename__ = "join_token"
    token_hash: str = Field(primary_key=True)
    person: str
    expires_ms: int = number()
    used_by: str | None = None


class TokenRow(StationTable, table=True):
    """An access token; only its hash is kept."""

    __tablename__ = "token"
    token_hash: str = Field(primary_key=True)
    writer: str = Field(index=True)
    expires_ms: int = number(index=True)


class ReceiptRow(StationTable, table=True):
    """What the station signed for, as it was handed out last for this place of the chain."""

    __tablename__ = "receipt"
    writer: str = Field(primary_key=True)
    to_seq: int = number(primary_key=True)
    message: str
    signature: str


class PhotoRow(StationTable, table=True):
    """A photo, rendition or voice note that is stored and whose hash was checked after storing."""

    __tablename__ = "photo"
    sha256: str = Field(primary_key=True)
    size_bytes: int = number()
    media_type: str
    writer: str
    received_ms: int = number()


class UploadRow(StationTable, table=True):
    """An upload under way. ``held_bytes`` are fsynced in the file of this id."""

    __tablename__ = "upload"
    id: str = Field(primary_key=True)
    writer: str = Field(index=True)
    sha256: str
    size_bytes: int = number()
    held_bytes: int = number()
    media_type: str
    expires_ms: int = number()


class AccessLogRow(StationTable, table=True):
    """Who asked for what, from which device, and how it ended. Holds counts and names of things, never their content."""

    __tablename__ = "access_log"
    id: int | None = Field(default=None, primary_key=True)
    at_ms: int = number(index=True)
    writer: str
    person: str
    what: str
    about: str = Field(index=True)
    count: int = number()
    result: str
    reason: str | None = None
    """The reader's own word on why, where one is asked for."""


class PartnerRow(StationTable, table=True):
    """A server that this one gives to and takes from: the province above, or a station below."""

    __tablename__ = "partner"
    partner: str = Field(primary_key=True)
    """Its writer id."""
    name: str
    public_key: bytes = Field(sa_type=LargeBinary)
    sealing_key: bytes = Field(sa_type=LargeBinary)
    above: bool
    """Whether this server calls it; else it calls this one."""
    address: str = ""
    ca_pem: str = ""
    state: str
    """``waiting``, ``confirmed``, ``refused`` or ``ended``."""
    check_number: str
    asked_ms: int = number()
    taken: str = ""
    """What was taken of it so far: a Got without heads, as JSON."""
    epochs: list[str] = codes()
    """Its epochs that are over."""
    given: str = ""
    """What it said last that it has of ours: a Got, as JSON."""
    given_ms: int = number()
    """When it said so, by the clock here."""
    wanted: list[str] = codes()
    """Photos that it asked for last."""
    clashes: list[str] = codes()
    """Codes of its register that mean something else here."""
    their_clashes: list[str] = codes()
    """Codes of ours that mean something else there."""
    trouble: str = ""
    """Why the last exchange over the network failed; empty when it went well."""


# --- views: thrown away and folded again from the journal ---------------------------------------------------------------


class UnitRow(StationTable, table=True):
    __tablename__ = "unit"
    code: str = Field(primary_key=True)
    name: str
    kind: str
    parent: str | None = None
    retired: bool = False
    via: str | None = None
    """The server whose unit it is; None for an own one."""


class PersonRow(StationTable, table=True):
    __tablename__ = "person"
    person: str = Field(primary_key=True)
    """``person:CODE``"""
    name: str
    home_unit: str
    retired: bool = False


class RoleRow(StationTable, table=True):
    """A role that a person has or had in a unit. ``changes`` counts how often it was given or taken."""

    __tablename__ = "role"
    person: str = Field(primary_key=True)
    in_unit: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    given: bool
    until_ms: int | None = number(nullable=True)
    changes: int = number()
    changed_ms: int = number()


class WriterRow(StationTable, table=True):
    __tablename__ = "writer"
    writer: str = Field(primary_key=True)
    person: str = Field(index=True)
    public_key: bytes = Field(sa_type=LargeBinary)
    revoked: bool = False
    via: str | None = None
    """The server through which its entries come; None for a device of this station."""
    frozen: bool = False
    """A second branch of its chain was found: what comes from now on is held."""


class SubjectRow(StationTable, table=True):
    """What judging and showing need to know of a subject."""

    __tablename__ = "subject"
    subject: str = Field(primary_key=True)
    began: str
    owner_unit: str
    author_person: str
    own_units: list[str] = codes()
    """Units of its own streams; those of ``patrol`` and ``of`` come on top."""
    patrol: str | None = Field(default=None, index=True)
    of: str | None = Field(default=None, index=True)
    leader_person: str | None = None
    on_patrol: list[str] = codes()
    kind: str | None = None
    restricted: bool = False
    addressed: list[str] = codes()
    review: str | None = None
    reviewed_by: str | None = None
    locked: bool = False
    version: str


class PhotoNameRow(StationTable, table=True):
    """An entry that names a photo's hash: who may see one of these may fetch the photo."""

    __tablename__ = "photo_name"
    sha256: str = Field(primary_key=True)
    writer: str = Field(primary_key=True)
    seq: int = number(primary_key=True)


VIEWS: tuple[type[StationTable], ...] = (UnitRow, PersonRow, RoleRow, WriterRow, SubjectRow, PhotoNameRow)


def table_of(model: type[StationTable]) -> Table:
    """The Core table of a model, for statements over many rows."""
    table = inspect(model).local_table
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} has no table")
    return table

"""The views' tables, in memory only: one row per thing on a list. The rest is folded from the journal's entries when asked.

Lists of records are asked of the index ``observation_listed`` alone, which holds all that narrows or sorts one: going through it
whole takes a tenth of what going through the table takes.
"""

from sqlalchemy import Index, text
from sqlmodel import Field

from app.store.tables_duty import OrderRow, ShiftRow
from app.store.tables_inquiry import LookoutRow, TipRow
from app.store.tables_way import WayRow
from app.store.view_table import ViewTable


class KeptRow(ViewTable, table=True):
    """An entry behind the views; its bytes stay in the journal, where SQL reads them by ``entry_bytes(writer, seq)``.

    ``custody``: ``here``, ``received`` or ``held``; ``order_ms`` is the time by which it counts.
    """

    __tablename__ = "kept"
    ref: str = Field(primary_key=True)
    subject: str = Field(index=True)
    writer: str
    seq: int
    unit: str
    fact: str
    order_ms: int
    received_ms: int | None
    custody: str
    held_reason: str | None
    own: bool
    size_bytes: int
    __table_args__ = (
        Index("kept_by_custody", "custody"),
        Index("kept_own", "own", "received_ms", "seq", sqlite_where=text("own IS 1")),
        Index("kept_line_limits", "fact", sqlite_where=text("fact = 'line_limits_set'")),
        Index("kept_released", "subject", sqlite_where=text("fact = 'released'")),
    )


class ErasedRow(ViewTable, table=True):
    """An entry whose bytes the law has taken."""

    __tablename__ = "erased"
    ref: str = Field(primary_key=True)


class PatrolRow(ViewTable, table=True):
    __tablename__ = "patrol"
    subject: str = Field(primary_key=True)
    unit: str
    author: str
    number: str
    type: str
    lead_unit: str = Field(index=True)
    units: str
    """JSON list of every unit that walks or may see it."""
    leader: str
    members: str
    """JSON list of persons."""
    composition: str
    """JSON object: people by force."""
    people: int
    partner_people: int
    plan: str | None
    order_ref: str | None
    started_ms: int = Field(index=True)
    return_due_ms: int | None
    on_behalf: bool
    """Entered at the station."""
    ended_ms: int | None
    paused: bool
    distance_m: int
    result: str | None
    safe: bool | None
    last_ms: int
    """Ms of the last entry about it."""
    status: str
    reopened: bool
    review_reason: str | None
    reviewer: str | None
    """Writer who gave the verdict."""
    reviewed_ms: int | None
    version: str
    voided: bool
    hidden: bool
    newer: int
    custody: str
    held_reason: str | None
    received_ms: int | None


class ObservationRow(ViewTable, table=True):
    __tablename__ = "observation"
    subject: str = Field(primary_key=True)
    unit: str
    author: str
    kind: str
    catalogue: str
    patrol: str | None = Field(index=True)
    happened_ms: int
    latitude_e7: int | None
    longitude_e7: int | None
    accuracy_mm: int | None
    place: str | None
    place_text: str | None
    priority: str
    certainty: str | None
    field_values: str
    """JSON object of the catalogue's fields and of ``ENTRY_KEYS``, after amendments."""
    description: str | None
    flags: str
    """JSON list."""
    status: str
    reopened: bool
    review_reason: str | None
    reviewer: str | None
    reviewed_ms: int | None
    version: str
    merged_into: str | None
    counted: bool
    """False when voided or held, or when the same thing is counted under another record."""
    voided: bool
    hidden: bool
    acknowledged: bool
    answered_ms: int | None
    """When a desk first acknowledged or judged it, whatever became of it later."""
    newer: int
    custody: str
    held_reason: str | None
    received_ms: int | None
    recorded_ms: int
    waits: bool
    """For a verdict."""
    urgency: int
    """Rank of its priority while it waits, else 0: an inbox has what is urgent on top."""
    sought: int
    """Its row in the search index."""
    marker: str | None
    """The marker that was checked, as it was typed."""
    falls_due_ms: int | None
    """When the first of what may tell of a person is to go, unless it lies in a case by then; None where nothing is."""
    __table_args__ = (
        Index(
            "observation_listed",
            "happened_ms", "subject", "waits", "urgency", "hidden", "voided", "counted", "status", "custody", "priority", "kind",
            "unit", "sought", "latitude_e7", "longitude_e7",
        ),
        Index("observation_at_place", "place", "sought", sqlite_where=text("place IS NOT NULL")),
        Index(
            "observation_marker", "marker", "happened_ms", "subject", "kind", "counted", "hidden",
            sqlite_where=text("marker IS NOT NULL"),
        ),
        Index(
            "observation_falls_due", "falls_due_ms", "subject", "hidden", "custody",
            sqlite_where=text("falls_due_ms IS NOT NULL"),
        ),
        Index("observation_joined", "merged_into", sqlite_where=text("merged_into IS NOT NULL")),
    )  # fmt: skip


class PhotoRow(ViewTable, table=True):
    """A photo or voice note; ``preview`` and ``full`` are hashes of its copies."""

    __tablename__ = "photo"
    subject: str = Field(primary_key=True)
    of: str = Field(index=True)
    author: str
    sha256: str = Field(index=True)
    size_bytes: int
    media_type: str
    taken_ms: int
    caption: str | None
    origin: str | None
    length_ms: int | None
    preview: str | None
    full: str | None
    voided: bool
    hidden: bool
    custody: str
    held_reason: str | None
    received_ms: int | None


class PlaceRow(ViewTable, table=True):
    __tablename__ = "place"
    subject: str = Field(primary_key=True)
    unit: str
    kind: str = Field(index=True)
    name: str
    folded: str
    latitude_e7: int | None
    longitude_e7: int | None
    line: str
    """JSON list of [latitude_e7, longitude_e7]."""
    status: str | None
    marker_class: str | None
    number: str | None
    retired: bool


class UnitRow(ViewTable, table=True):
    __tablename__ = "unit"
    subject: str = Field(primary_key=True)
    code: str = Field(index=True)
    name: str
    short_name: str | None
    kind: str
    parent: str | None
    retired: bool


class PersonRow(ViewTable, table=True):
    __tablename__ = "person"
    subject: str = Field(primary_key=True)
    name: str
    home_unit: str
    title: str | None
    force: str | None
    retired: bool


class RoleRow(ViewTable, table=True):
    __tablename__ = "role"
    subject: str = Field(primary_key=True)
    in_unit: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    until_ms: int | None


class WriterRow(ViewTable, table=True):
    __tablename__ = "writer"
    subject: str = Field(primary_key=True)
    writer: str = Field(index=True)
    person: str | None
    device_name: str | None
    revoked: bool
    forked: bool


class CaseRow(ViewTable, table=True):
    __tablename__ = "case_file"
    subject: str = Field(primary_key=True)
    unit: str
    author: str
    code: str
    title: str
    kind: str | None
    restricted: bool
    state: str
    opened_ms: int = Field(index=True)
    last_ms: int
    items: int
    dispositions: int
    voided: bool
    hidden: bool
    sought: int


class CaseItemRow(ViewTable, table=True):
    __tablename__ = "case_item"
    subject: str = Field(primary_key=True)
    item: str = Field(primary_key=True, index=True)
    role: str | None
    linked_ms: int


class AlarmRow(ViewTable, table=True):
    """Calls for help and alarms of the station. ``closed_ms`` is None while they last."""

    __tablename__ = "alarm"
    subject: str = Field(primary_key=True)
    unit: str
    author: str
    sos: bool
    kind: str
    about: str | None
    text: str | None
    latitude_e7: int | None
    longitude_e7: int | None
    accuracy_mm: int | None
    fixed_ms: int | None
    people: int | None
    raised_ms: int
    closed_ms: int | None
    closed_by: str | None
    """Writer."""
    outcome: str | None
    answered_ms: int | None
    answered_by: str | None
    """Writer whose answer came first."""
    answer: str | None
    hidden: bool
    custody: str


class ReportRow(ViewTable, table=True):
    """A signed report. ``until_ms`` and ``due_ms`` are exclusive; ``sent_ms`` is None until it went out."""

    __tablename__ = "report"
    subject: str = Field(primary_key=True)
    unit: str
    author: str
    kind: str
    window_kind: str
    from_ms: int = Field(index=True)
    until_ms: int
    addressee: str
    paper_sha256: str
    due_ms: int | None
    signed_ms: int
    sent_ms: int | None
    sent_to: str | None
    channel: str | None
    document: str | None
    voided: bool
    hidden: bool
    custody: str


class PlateRow(ViewTable, table=True):
    """A number plate in a record, as compared."""

    __tablename__ = "plate"
    subject: str = Field(primary_key=True)
    plate: str = Field(primary_key=True, index=True)
    whole: bool = Field(index=True)
    """Every sign of it was read."""


SUBJECT_TABLES: tuple[type[ViewTable], ...] = (
    PatrolRow, ObservationRow, PhotoRow, PlaceRow, UnitRow, PersonRow, RoleRow, WriterRow, CaseRow, CaseItemRow, OrderRow,
    AlarmRow, ShiftRow, ReportRow, PlateRow, TipRow, LookoutRow, WayRow,
)  # fmt: skip
"""Tables whose rows belong to one subject and are written anew with it."""

"""Entries for tests: valid bodies with little typing, and writers whose sequence and clock move on by themselves."""

import hashlib
from dataclasses import dataclass, field

from journal.entries import (
    Amended,
    Entry,
    Fact,
    Force,
    ObservationRecorded,
    PatrolEnded,
    PatrolStarted,
    PersonRegistered,
    PhotoTaken,
    Position,
    Reviewed,
    Taken,
    TrackRecorded,
    UnitRegistered,
    Voided,
    WriterEnrolled,
)
from journal.folding import Kept
from journal.names import Subject, WriterId, name_entry, name_writer

START_MS = 1_793_836_800_000
"""2026-11-05 00:00 UTC."""
MINUTE_MS = 60_000


def writer_named(name: str) -> WriterId:
    """The id of a made-up key; the same name gives the same writer."""
    return name_writer(hashlib.sha256(name.encode()).digest())


def make_entry(
    body: Fact,
    *,
    writer: str = "a",
    seq: int = 1,
    subject: str | None = None,
    unit: str = "DON",
    at_ms: int = START_MS,
    n: int = 0,
) -> Entry:
    """An entry by the writer of that name; without ``subject`` it begins its own."""
    by = writer_named(writer)
    return Entry(
        writer=by,
        seq=seq,
        unit=unit,
        at=(at_ms, n),
        taken=Taken(wall_ms=at_ms, mono_ms=at_ms % 1_000_000, boot="b1"),
        subject=subject or name_entry(by, seq),
        body=body,
    )


@dataclass
class Pencil:
    """Writes one entry after the other for one writer, a minute apart."""

    name: str = "a"
    unit: str = "DON"
    now_ms: int = START_MS
    seq: int = 0
    written: list[Entry] = field(default_factory=list)

    @property
    def writer(self) -> WriterId:
        return writer_named(self.name)

    def write(self, body: Fact, subject: str | None = None, *, unit: str | None = None, at_ms: int | None = None) -> Entry:
        self.now_ms = self.now_ms + MINUTE_MS if at_ms is None else at_ms
        self.seq += 1
        entry = make_entry(body, writer=self.name, seq=self.seq, subject=subject, unit=unit or self.unit, at_ms=self.now_ms)
        self.written.append(entry)
        return entry


def received(*entries: Entry, after_ms: int = 1_000) -> list[Kept]:
    """The entries as the station holds them, received shortly after they were made."""
    return [Kept(entry, entry.at[0] + after_ms) for entry in entries]


def a_patrol(number: str = "TT-2026-0131", **fields: object) -> PatrolStarted:
    """``fields`` replace or add fields of the fact."""
    plain = {
        "type": "khep_kin",
        "number": number,
        "lead_unit": "DON",
        "leader": "person:P01",
        "members": ("person:P02", "person:P03"),
        "composition": (Force(force="bp", people=5), Force(force="dan_quan", people=2)),
        "started_ms": START_MS,
    }
    return PatrolStarted.model_validate({**plain, **fields})


def an_end(ended_ms: int = START_MS + 3_600_000, **fields: object) -> PatrolEnded:
    return PatrolEnded.model_validate({"ended_ms": ended_ms, "result": "…", "distance_m": 27_268, **fields})


def a_track(from_ms: int = START_MS, distance_mm: int = 600_000, **fields: object) -> TrackRecorded:
    plain = {"packing": "fixes-1", "fixes": "AAAA", "count": 60, "from_ms": from_ms, "until_ms": from_ms + 600_000}
    return TrackRecorded.model_validate({**plain, "distance_mm": distance_mm, **fields})


def an_observation(kind: str = "dau_vet", **fields: object) -> ObservationRecorded:
    plain = {
        "kind": kind,
        "catalogue": "1",
        "happened_ms": START_MS,
        "position": Position(latitude_e7=208_941_000, longitude_e7=1_038_566_000, accuracy_mm=12_000),
        "priority": "trung_binh",
        "values": {"people_min": 4, "people_max": 6},
    }
    return ObservationRecorded.model_validate({**plain, **fields})


def a_photo(of: str, name: str = "photo", **fields: object) -> PhotoTaken:
    digest = hashlib.sha256(name.encode()).hexdigest()
    plain = {"of": of, "sha256": digest, "size_bytes": 2_000_000, "media_type": "image/jpeg", "taken_ms": START_MS}
    return PhotoTaken.model_validate({**plain, **fields})


def an_amendment(saw: str, changes: dict[str, object], cleared: tuple[str, ...] = ()) -> Amended:
    return Amended.model_validate({"saw": saw, "changes": changes, "cleared": cleared, "reason": "…"})


def a_review(judged: str, verdict: str = "xac_nhan", reason: str | None = None) -> Reviewed:
    return Reviewed.model_validate({"judged": judged, "verdict": verdict, "reason": reason})


def an_undo() -> Voided:
    return Voided(reason="undo", undo=True)


def a_unit(name: str, kind: str = "don_bp") -> UnitRegistered:
    return UnitRegistered(name=name, kind=kind)


def a_person(name: str, home_unit: str = "DON", **fields: object) -> PersonRegistered:
    return PersonRegistered.model_validate({"name": name, "home_unit": home_unit, **fields})


def an_enrolment(person: str) -> WriterEnrolled:
    return WriterEnrolled(public_key="AA", person=person, device_name="M1", first_period=82)


def about_writer(name: str) -> Subject:
    return Subject(f"writer:{writer_named(name)}")

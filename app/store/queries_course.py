"""The course of one patrol: all that happened on it in the order of a right clock, and where the team was at each moment."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import func
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from app.patrol.known_walks import KnownWalks, known_walks
from app.patrol.nearest import KnownPlace
from app.patrol.visits import passed_places
from app.store.kept_entries import HELD
from app.store.queries import AlarmLine, ObservationLine, PatrolDetail, PatrolLine, PhotoLine, patrol_detail, places
from app.store.queries.shaping import among, to_line
from app.store.queries_desk import DrawnTrack, draw_walked
from app.store.queries_week import Compared, compare_order, reached_on
from app.store.tables import AlarmRow, KeptRow
from journal.entries import Entry, ObservationRecorded, TrackRecorded, read_entry
from journal.folding import PatrolState
from journal.track.fixes import Fix
from journal.track.judging import NO_FIX_AFTER_MS
from journal.track.packing import unpack_tracks

What = Literal["started", "leg", "paused", "resumed", "gap", "record", "photo", "alarm", "ended", "reviewed", "remarked"]
SKEW_TOLD_MS = 60_000
"""A phone's clock that is off by less is as good as any watch."""
AGREE_WITHIN_MS = 60_000
FEWEST_AGREEING = 2
RESTED = "paused"


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened. ``told_ms`` is what the phone's clock said, where it was off; then ``at_ms`` is corrected."""

    what: What
    at_ms: int
    subject: str
    until_ms: int | None = None
    word: str = ""
    """A reason, a cause, a means, a verdict: a code or what somebody wrote."""
    who: str | None = None
    """Writer."""
    told_ms: int | None = None
    after_seal: bool = False
    """It reached the station after the log was sealed."""

    @property
    def key(self) -> str:
        return f"{self.what}-{self.subject}-{self.at_ms}"


@dataclass(frozen=True, slots=True)
class Course:
    """``off_ms`` gives, by writer, how far the clock of a phone was ahead (behind, if negative), where that is told."""

    detail: PatrolDetail
    moments: tuple[Moment, ...]
    walked: KnownWalks
    drawn: DrawnTrack
    off_ms: Mapping[str, int]
    records: Mapping[str, ObservationLine]
    photos: Mapping[str, PhotoLine]
    alarms: Mapping[str, AlarmLine]
    compared: Compared | None
    """The order that this patrol was walked for, beside what was done for it."""
    reached: frozenset[str]
    """Registered places of which something was recorded on this patrol."""
    passed: frozenset[str]
    """Registered places that its track came near to."""

    @property
    def line(self) -> PatrolLine:
        """The patrol with its hours corrected."""
        line, off_ms = self.detail.line, self.off_ms.get(self.detail.line.author, 0)
        ended_ms = line.ended_ms - off_ms if line.ended_ms is not None else None
        return replace(line, started_ms=line.started_ms - off_ms, ended_ms=ended_ms)

    @property
    def from_ms(self) -> int:
        starts = [walk[0].at_ms for walk in self.walked.walks]
        return min([*starts, *(one.at_ms for one in self.moments if one.what not in AFTERWARDS)])

    @property
    def until_ms(self) -> int:
        ends = [walk[-1].at_ms for walk in self.walked.walks]
        return max([*ends, *(one.until_ms or one.at_ms for one in self.moments if one.what not in AFTERWARDS)])

    def place_at(self, at_ms: int) -> tuple[float, float] | None:
        """Latitude and longitude in degrees at this moment; None where the way is not known.

        Of a sparse track it is the last fix: nobody knows how the team went on from it.
        """
        walk = next((walk for walk in self.walked.walks if walk[0].at_ms <= at_ms <= walk[-1].at_ms), None)
        return None if walk is None else _on_walk(walk, at_ms, between=not self.walked.sparse)

    def gap_at(self, at_ms: int) -> Moment | None:
        """The stretch without fixes that this moment lies in."""
        gaps = (one for one in self.moments if one.what == "gap" and one.until_ms is not None)
        return next((one for one in gaps if one.at_ms <= at_ms < (one.until_ms or 0)), None)


AFTERWARDS: frozenset[str] = frozenset({"reviewed", "remarked"})
"""What was said of the patrol once it was over."""


def patrol_course(session: Session, patrol: str) -> Course | None:
    """Everything that happened on a patrol; None when it is not here."""
    detail = patrol_detail(session, patrol)
    if detail is None:
        return None
    state = detail.state
    first = _first_entries(session, [patrol, *(line.subject for line in detail.observations)])
    own = _entries_about(session, patrol)
    off_ms = {} if detail.line.on_behalf else find_skews([*own, *first.values()])
    walked = known_walks(unpack_tracks(piece.track for piece in state.tracks))
    alarms = _alarms(session, [patrol, *(line.subject for line in detail.observations)])
    moments = [*_of_patrol(state, off_ms), *_of_records(detail, first, off_ms), *_of_alarms(alarms)]
    drawn = draw_walked(patrol, walked)
    order = detail.line.order_ref
    return Course(
        detail, tuple(sorted(moments, key=_by_clock)), walked, drawn, off_ms,
        {line.subject: line for line in detail.observations}, {photo.subject: photo for photo in detail.photos},
        {line.subject: line for line in alarms}, compare_order(session, order) if order else None, reached_on(session, patrol),
        _passed(session, drawn),
    )  # fmt: skip


def _by_clock(one: Moment) -> tuple[int, int, str, str]:
    """What happened at one moment stands between start and end, a photo after its record."""
    return one.at_ms, {"started": -1, "photo": 1, "ended": 2}.get(one.what, 0), one.what, one.subject


def find_skews(entries: Iterable[Entry]) -> dict[str, int]:
    """By writer, how far its wall clock was ahead of the satellites' time, in ms; those within a minute are left out.

    A fix is older than the entry that holds it, so what the clock shows beyond it is skew and age together. It is believed when
    two entries or more agree within a minute on the least of it: ages differ, a skew does not. A clock that is behind its own fix
    is behind for certain.
    """
    seen: dict[str, list[int]] = {}
    for entry in entries:
        fixed_ms = _fixed_ms(entry)
        if fixed_ms is not None:
            seen.setdefault(entry.writer, []).append(entry.taken.wall_ms - fixed_ms)
    skews: dict[str, int] = {}
    for writer, told in seen.items():
        least = min(told)
        agreeing = sum(one - least <= AGREE_WITHIN_MS for one in told)
        if abs(least) >= SKEW_TOLD_MS and (least < 0 or agreeing >= FEWEST_AGREEING):
            skews[writer] = least
    return skews


def _fixed_ms(entry: Entry) -> int | None:
    body = entry.body
    if isinstance(body, TrackRecorded):
        return body.until_ms if body.count else None
    if isinstance(body, ObservationRecorded) and body.position is not None and body.position.source == "gps":
        return body.position.fixed_ms
    return None


def _of_patrol(state: PatrolState, off_ms: Mapping[str, int]) -> list[Moment]:
    """Start, legs, pauses, gaps, end; then what was said of the log."""
    author, started, ended = state.author, state.started, state.ended

    def by_phone(what: What, at_ms: int, word: str = "", until_ms: int | None = None) -> Moment:
        off = off_ms.get(author, 0)
        told_ms, until_ms = (at_ms if off else None), until_ms - off if until_ms is not None else None
        return Moment(what, at_ms - off, state.subject, until_ms, word, author, told_ms)

    moments = [by_phone("started", started.started_ms, started.transport or "")]
    moments += [by_phone("leg", leg.started_ms, leg.transport) for leg in state.legs]
    moments += [by_phone("paused", pause.paused_ms, pause.reason or "", pause.resumed_ms) for pause in state.pauses]
    moments += _gaps(state, off_ms.get(author, 0))
    if ended is not None:
        moments.append(by_phone("ended", ended.ended_ms, ended.result))
    moments += [Moment("reviewed", one.at_ms, one.ref, None, one.verdict, one.writer) for one in state.reviews]
    moments += [Moment("remarked", one.at_ms, one.ref, None, one.text, one.writer) for one in state.remarks]
    return moments


def _gaps(state: PatrolState, off_ms: int) -> list[Moment]:
    """Stretches without fixes that were no rest. One that begins or ends with the patrol does so by the phone's clock."""
    by_phone = {state.started.started_ms, state.ended.ended_ms if state.ended is not None else 0}

    def right(at_ms: int) -> int:
        return at_ms - off_ms if at_ms in by_phone else at_ms

    told = [gap for piece in state.tracks for gap in piece.track.gaps if gap.cause != RESTED]
    gaps = [Moment("gap", right(gap.from_ms), state.subject, right(gap.until_ms), gap.cause) for gap in told]
    return [gap for gap in gaps if (gap.until_ms or 0) - gap.at_ms >= (NO_FIX_AFTER_MS if off_ms else 1)]


def sealed_ms(state: PatrolState) -> int | None:
    """When the station had the word that sealed the log; None while it is open, or that word is not sent."""
    return state.review.received_ms if state.locked and state.review is not None else None


def _of_records(detail: PatrolDetail, first: Mapping[str, Entry], off_ms: Mapping[str, int]) -> list[Moment]:
    seal_ms = sealed_ms(detail.state)

    def after(received_ms: int | None) -> bool:
        return seal_ms is not None and received_ms is not None and received_ms > seal_ms

    moments = []
    for line in detail.observations:
        entry, off = first.get(line.subject), off_ms.get(line.author, 0)
        at_ms, told_ms = line.happened_ms, None
        # A time that is the phone's own "now" is off as the phone is; one that a person chose stands as it was chosen.
        if off and entry is not None and abs(entry.taken.wall_ms - line.happened_ms) < SKEW_TOLD_MS:
            at_ms, told_ms = line.happened_ms - off, line.happened_ms
        late = after(line.received_ms)
        moments.append(Moment("record", at_ms, line.subject, None, line.kind, line.author, told_ms, after_seal=late))
    for photo in detail.photos:
        off = off_ms.get(photo.author, 0)
        told_ms, late = photo.taken_ms if off else None, after(photo.received_ms)
        moments.append(Moment("photo", photo.taken_ms - off, photo.subject, None, "", photo.author, told_ms, after_seal=late))
    return moments


def _of_alarms(alarms: Sequence[AlarmLine]) -> list[Moment]:
    return [Moment("alarm", one.raised_ms, one.subject, one.closed_ms, one.kind, one.author) for one in alarms]


def _alarms(session: Session, about: Sequence[str]) -> tuple[AlarmLine, ...]:
    row = AlarmRow
    wanted = select(row).where(among(row.about, about), col(row.hidden).is_(False), col(row.custody) != HELD)
    return tuple(to_line(AlarmLine, one) for one in session.exec(wanted.order_by(col(row.raised_ms), col(row.subject))))


def _first_entries(session: Session, subjects: Sequence[str]) -> dict[str, Entry]:
    row = KeptRow
    wanted = sa_select(col(row.ref), func.entry_bytes(row.writer, row.seq)).where(among(row.ref, subjects))
    return {ref: read_entry(raw) for ref, raw in session.execute(wanted) if raw is not None}


def _entries_about(session: Session, patrol: str) -> list[Entry]:
    row = KeptRow
    wanted = sa_select(func.entry_bytes(row.writer, row.seq)).where(col(row.subject) == patrol, col(row.fact) == "track_recorded")
    return [read_entry(raw) for (raw,) in session.execute(wanted) if raw is not None]


def _passed(session: Session, drawn: DrawnTrack) -> frozenset[str]:
    known = (
        KnownPlace(place.subject, place.name, place.kind, place.latitude_e7, place.longitude_e7)
        for place in places(session)
        if place.latitude_e7 is not None and place.longitude_e7 is not None
    )
    return frozenset(passed_places(known, drawn.walks))


def _on_walk(walk: Sequence[Fix], at_ms: int, *, between: bool) -> tuple[float, float]:
    after = bisect_right(walk, at_ms, key=lambda fix: fix.at_ms)
    before, fix = walk[max(0, after - 1)], walk[min(after, len(walk) - 1)]
    share = (at_ms - before.at_ms) / (fix.at_ms - before.at_ms) if between and fix.at_ms > before.at_ms else 0.0
    latitude = before.latitude_e7 + share * (fix.latitude_e7 - before.latitude_e7)
    return latitude / 1e7, (before.longitude_e7 + share * (fix.longitude_e7 - before.longitude_e7)) / 1e7

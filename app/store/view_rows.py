"""The rows that a folded state has in the views."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from app.store.search import search_key
from app.store.tables import (
    AlarmRow,
    CaseItemRow,
    CaseRow,
    ObservationRow,
    PatrolRow,
    PersonRow,
    PhotoRow,
    PlaceRow,
    PlateRow,
    ReportRow,
    RoleRow,
    UnitRow,
    WriterRow,
)
from app.store.tables_duty import OrderRow, ShiftRow
from app.store.tables_inquiry import LookoutRow, TipRow
from app.store.view_table import ViewTable
from journal.catalogue import ENTRY_KEYS, RANKS, Catalogue, fold_marks, normalise_plate
from journal.catalogue.plates import is_whole
from journal.entries import Position
from journal.folding import (
    OPEN_STATUSES,
    AlarmState,
    CaseState,
    LookoutState,
    ObservationState,
    OrderState,
    PatrolState,
    PersonState,
    PhotoState,
    PlaceState,
    RecordState,
    ReportState,
    Review,
    ShiftState,
    SosState,
    State,
    UnitState,
    VoiceState,
    WriterState,
)
from journal.retention import KeptRecord, first_due_ms

Row = tuple[object, ...]
TIP = "tin_bao"


@dataclass(frozen=True, slots=True)
class CustodyOf:
    """Where a record is: ``here``, ``received`` or ``held``; ``received_ms`` is that of its first entry."""

    custody: str
    held_reason: str | None
    received_ms: int | None


@dataclass(slots=True)
class RowBatch:
    """Rows gathered for one write: by table in the order of its columns, and (row number, words) for the search."""

    catalogue: Catalogue
    rows: dict[type[ViewTable], list[Row]] = field(default_factory=dict)
    words: list[tuple[int, str]] = field(default_factory=list)

    def put(self, table: type[ViewTable], row: Row) -> None:
        self.rows.setdefault(table, []).append(row)

    def add(self, state: State, where: CustodyOf, unit: str) -> None:
        """Adds what the views show of this state. ``unit`` is that of its first entry."""
        if (write := _WRITERS.get(type(state))) is not None:
            write(self, state, where, unit)


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def to_json(value: object) -> str:
    return _JSON.encode(value)


def _judged(review: Review | None) -> tuple[str | None, str | None, int | None]:
    return (review.reason, review.writer, review.at_ms) if review else (None, None, None)


def _at(position: Position | None) -> tuple[int | None, int | None, int | None]:
    return (position.latitude_e7, position.longitude_e7, position.accuracy_mm) if position else (None, None, None)


def _answered_ms(state: RecordState) -> int | None:
    said = [one.at_ms for one in state.acknowledgements] + [one.at_ms for one in state.reviews]
    return min(said, default=None)


def _last_ms(state: RecordState) -> int:
    return state.timeline[-1].at_ms


def _words_of(*texts: str | None) -> str:
    return fold_marks(" ".join(text for text in texts if text))


def _add_patrol(batch: RowBatch, state: PatrolState, where: CustodyOf, unit: str) -> None:
    started, ended = state.started, state.ended
    people = {force.force: force.people for force in started.composition}
    row = (
        state.subject, unit, state.author, started.number, started.type, started.lead_unit,
        to_json(sorted(state.units)), started.leader, to_json(started.members), to_json(people), state.people,
        started.partner_people or 0, started.plan, started.order, started.started_ms, started.return_due_ms,
        started.on_behalf, ended.ended_ms if ended else None,
        bool(state.pauses) and state.pauses[-1].resumed_ms is None, state.distance_m,
        ended.result if ended else None, ended.safe if ended else None, _last_ms(state), state.status, state.reopened,
        *_judged(state.review), state.version, state.voided, state.hidden, state.newer,
        where.custody, where.held_reason, where.received_ms,
    )  # fmt: skip
    batch.put(PatrolRow, row)
    texts = (started.number, started.plan, started.campaign, ended.result if ended else None)
    batch.words.append((search_key(state.subject), _words_of(*texts)))


def _add_observation(batch: RowBatch, state: ObservationState, where: CustodyOf, unit: str) -> None:
    seen, values, judged, sought = state.recorded, _gather_values(state), _judged(state.review), search_key(state.subject)
    kept = KeptRecord(seen.kind, state.status, values, seen.happened_ms, judged[2], in_case=False)
    waits = state.status in OPEN_STATUSES and not state.voided
    row = (
        state.subject, unit, state.author, seen.kind, seen.catalogue, seen.patrol, seen.happened_ms,
        *_at(seen.position), seen.place, seen.place_text, seen.priority, seen.certainty, to_json(values),
        seen.description, to_json(seen.flags), state.status, state.reopened, *judged, state.version,
        state.merged_into, not state.voided and where.custody != "held", state.voided, state.hidden,
        bool(state.acknowledgements), _answered_ms(state), state.newer, where.custody, where.held_reason, where.received_ms,
        state.began_ms,
        waits, RANKS.index(seen.priority) + 1 if waits and seen.priority in RANKS else 0, sought,
        _text(values.get("marker")), first_due_ms(kept),
    )  # fmt: skip
    batch.put(ObservationRow, row)
    texts = [seen.place_text, seen.description, seen.place and seen.place.partition(":")[2]]
    texts += [remark.text for remark in state.remarks]
    words = " ".join((batch.catalogue.search_text(seen.kind, values), _words_of(*texts)))
    batch.words.append((sought, words))
    for plate in _plates_in(batch.catalogue, state):
        batch.put(PlateRow, (state.subject, plate, is_whole(plate)))
    if seen.kind == TIP:
        batch.put(TipRow, _tip_row(state))


def _tip_row(state: ObservationState) -> Row:
    values, graded = state.values, state.graded
    reached = [call.called_ms for call in state.calls if call.result == "da_noi"]
    return (
        state.subject, _text(values.get("channel")),
        graded.reliability if graded else _text(values.get("reliability")),
        graded.content_grade if graded else _text(values.get("content_grade")),
        graded is not None, values.get("callback") is True, max(reached, default=None),
        max((call.called_ms for call in state.calls), default=None),
    )  # fmt: skip


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _gather_values(state: ObservationState) -> dict[str, object]:
    """The catalogue's fields together with those that stand on the observation itself, as the catalogue wants them."""
    seen = state.recorded
    gathered: dict[str, object] = dict(seen.values)
    for key in ENTRY_KEYS:
        if (value := getattr(seen, key)) not in (None, ()):
            gathered[key] = value
    return gathered


def _plates_in(catalogue: Catalogue, state: ObservationState) -> Iterable[str]:
    values = state.recorded.values
    found: dict[str, None] = {}
    for known in catalogue.fields_of(state.recorded.kind):
        if known.type == "plate" and (value := values.get(known.code)):
            for text in value if isinstance(value, tuple) else (str(value),):
                found[normalise_plate(text, None, None).normalised] = None
    return found


def _add_photo(batch: RowBatch, state: PhotoState, where: CustodyOf, _unit: str) -> None:
    taken = state.taken
    preview, full = state.renditions.get("preview"), state.renditions.get("full")
    row = (
        state.subject, state.of, state.author, taken.sha256, taken.size_bytes, taken.media_type, taken.taken_ms,
        taken.caption, taken.origin, None, preview.made.sha256 if preview else None, full.made.sha256 if full else None,
        state.voided, state.hidden, where.custody, where.held_reason, where.received_ms,
    )  # fmt: skip
    batch.put(PhotoRow, row)


def _add_voice(batch: RowBatch, state: VoiceState, where: CustodyOf, _unit: str) -> None:
    spoken = state.recorded
    row = (
        state.subject, state.of, state.author, spoken.sha256, spoken.size_bytes, spoken.media_type, spoken.taken_ms,
        None, None, spoken.length_ms, None, None,
        state.voided, state.hidden, where.custody, where.held_reason, where.received_ms,
    )  # fmt: skip
    batch.put(PhotoRow, row)


def _add_place(batch: RowBatch, state: PlaceState, _where: CustodyOf, unit: str) -> None:
    place = state.registered
    line = [[point.latitude_e7, point.longitude_e7] for point in place.line]
    row = (
        state.subject, unit, place.kind, place.name, _words_of(state.code, place.name, place.number), *_at(place.position)[:2],
        to_json(line), place.status, place.marker_class, place.number, place.retired,
    )  # fmt: skip
    batch.put(PlaceRow, row)


def _add_unit(batch: RowBatch, state: UnitState, _where: CustodyOf, _unit: str) -> None:
    unit = state.registered
    batch.put(UnitRow, (state.subject, state.code, unit.name, unit.short_name, unit.kind, unit.parent, unit.retired))


def _add_person(batch: RowBatch, state: PersonState, _where: CustodyOf, _unit: str) -> None:
    if (person := state.registered) is not None:
        row = (state.subject, person.name, person.home_unit, person.title, person.force, person.retired)
        batch.put(PersonRow, row)
    for held in state.roles:
        batch.put(RoleRow, (state.subject, held.in_unit, held.role, held.until_ms))


def _add_writer(batch: RowBatch, state: WriterState, _where: CustodyOf, _unit: str) -> None:
    device = state.enrolled.device_name if state.enrolled else None
    row = (state.subject, state.writer, state.person, device, state.revoked is not None, bool(state.forks))
    batch.put(WriterRow, row)


def _add_case(batch: RowBatch, state: CaseState, _where: CustodyOf, unit: str) -> None:
    opened = state.opened
    row = (
        state.subject, unit, state.author, opened.code, opened.title, opened.kind, opened.restricted, state.state,
        state.began_ms, _last_ms(state), len(state.items), len(state.dispositions), state.voided, state.hidden,
        search_key(state.subject),
    )  # fmt: skip
    batch.put(CaseRow, row)
    for item in state.items:
        batch.put(CaseItemRow, (state.subject, item.item, item.role, item.linked_ms))
    batch.words.append((search_key(state.subject), _words_of(opened.code, opened.title)))


def _add_order(batch: RowBatch, state: OrderState, where: CustodyOf, unit: str) -> None:
    issued = state.issued
    seen = {one.writer: one.at_ms for one in state.acknowledgements}
    row = (
        state.subject, unit, state.author, issued.kind, issued.title, issued.text, issued.to_unit,
        to_json(issued.to_persons), issued.patrol_type, to_json(issued.places), state.began_ms, issued.starts_ms,
        issued.ends_ms, state.cancelled, state.cancelled_ms, to_json(seen), to_json(issued.with_units or ()), issued.campaign,
        issued.partner_unit, issued.partner_host,
        issued.restriction.model_dump_json(exclude_none=True) if issued.restriction else None,
        to_json([one.given.model_dump(exclude_none=True) for one in state.notices]), state.voided, where.custody,
    )  # fmt: skip
    batch.put(OrderRow, row)


def _add_lookout(batch: RowBatch, state: LookoutState, where: CustodyOf, unit: str) -> None:
    opened, told = state.opened, state.told
    row = (
        state.subject, unit, state.author, state.began_ms, opened.until_ms, to_json(opened.for_units),
        opened.sealed.model_dump_json() if opened.sealed else None, told.plate if told else None, told.reason if told else None,
        told.issuer if told else None, told.case if told else None, state.ended.outcome if state.ended else None, state.ended_ms,
        state.ended_by, state.hidden, where.custody,
    )  # fmt: skip
    batch.put(LookoutRow, row)


def _add_sos(batch: RowBatch, state: SosState, where: CustodyOf, unit: str) -> None:
    raised, closed = state.raised, state.closed
    place = raised.position
    row = (
        state.subject, unit, state.author, True, raised.kind, raised.patrol, raised.note, *_at(place)[:2],
        place.accuracy_mm if place else None, place.fixed_ms if place else None, raised.people, raised.raised_ms,
        closed.closed_ms if closed else None, state.closed_by, closed.outcome if closed else None, *_answer_of(state),
        state.hidden, where.custody,
    )  # fmt: skip
    batch.put(AlarmRow, row)


def _answer_of(state: SosState | AlarmState) -> tuple[int | None, str | None, str | None]:
    """When and by which writer it was answered first, and what was said last."""
    answers = [one for one in state.acknowledgements if one.writer != state.author]
    if not answers:
        return None, None, None
    said = next((one.note for one in reversed(answers) if one.note), None)
    return answers[0].at_ms, answers[0].writer, said


def _add_alarm(batch: RowBatch, state: AlarmState, where: CustodyOf, unit: str) -> None:
    raised = state.raised
    row = (
        state.subject, unit, state.author, False, raised.kind, raised.about, raised.text, None, None, None, None, None,
        state.began_ms, state.closed_ms, state.closed_by, state.closed.outcome if state.closed else None, *_answer_of(state),
        state.hidden, where.custody,
    )  # fmt: skip
    batch.put(AlarmRow, row)


def _add_shift(batch: RowBatch, state: ShiftState, where: CustodyOf, unit: str) -> None:
    started, ended = state.started, state.ended
    seen = {one.writer: one.at_ms for one in state.acknowledgements}
    row = (
        state.subject, unit, state.author, started.sector, state.responsible, to_json(started.on_duty), started.post,
        to_json(started.places or ()), started.started_ms, started.until_ms, ended.ended_ms if ended else None,
        started.takes_over, ended.handed_to if ended else None, ended.note if ended else None, state.began_ms,
        state.ended_at_ms, state.ended_by, state.withdrawal.reason if state.withdrawal else None, to_json(seen), state.hidden,
        where.custody,
    )  # fmt: skip
    batch.put(ShiftRow, row)


def _add_report(batch: RowBatch, state: ReportState, where: CustodyOf, unit: str) -> None:
    signed, sent = state.signed, state.sent[-1] if state.sent else None
    row = (
        state.subject, unit, state.author, signed.kind, signed.window, signed.from_ms, signed.until_ms, signed.to,
        signed.paper_sha256, signed.due_ms, state.began_ms, sent.sent_ms if sent else None, sent.to if sent else None,
        sent.channel if sent else None, sent.document if sent else None, state.voided, state.hidden, where.custody,
    )  # fmt: skip
    batch.put(ReportRow, row)


_WRITERS: dict[type[State], Callable[..., None]] = {
    PatrolState: _add_patrol,
    ObservationState: _add_observation,
    PhotoState: _add_photo,
    VoiceState: _add_voice,
    PlaceState: _add_place,
    UnitState: _add_unit,
    PersonState: _add_person,
    WriterState: _add_writer,
    CaseState: _add_case,
    OrderState: _add_order,
    LookoutState: _add_lookout,
    SosState: _add_sos,
    AlarmState: _add_alarm,
    ShiftState: _add_shift,
    ReportState: _add_report,
}

"""The station's own watch: raises an alarm when a team is not back, or when what is urgent finds nobody. No phone has to call.

It reads what was let in since its last look, keeps in mind what is still open, and judges that against the clock. Whether an
alarm stands already is read from the journal under the accept lock, so a restart or a second look raises none twice.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from journal.access.roles import OPEN_REVIEWS
from journal.catalogue import Catalogue, load_catalogue
from journal.entries import AlarmRaised, Amended, Entry, ObservationRecorded, read_entry
from journal.folding import Kept, ObservationState, OrderState, PatrolState, RecordState, SosState, State, fold
from journal.names import Subject
from journal.restriction import read_law
from sync_server.admission import ENTRIES
from sync_server.own_entries import OwnFact
from sync_server.register import WRITERS
from sync_server.running import Running
from sync_server.settings import Patience

MINUTE_MS = 60_000
LOOK_BACK_MS = 45 * 24 * 60 * MINUTE_MS
"""What began longer ago was either settled or raised an alarm then."""
AT_ONCE = 500

RETURN_OVERDUE = "return_overdue"
URGENT_UNANSWERED = "urgent_unanswered"
ASSISTANCE_OPEN = "assistance_open"
RESTRICTION_ENDING = "restriction_ending"
RESTRICTION_UNTOLD = "restriction_untold"
_FACTS = (
    "patrol_started", "patrol_ended", "observation_recorded", "sos_raised", "sos_closed", "alarm_raised", "amended", "voided",
    "acknowledged", "reviewed", "order_issued", "order_cancelled", "notice_given",
)  # fmt: skip
_ELSEWHERE = select(WRITERS.c.writer).where(WRITERS.c.via.is_not(None))
"""What came through another server is looked after there."""
_LOOKED_AFTER = (ENTRIES.c.fact.in_(_FACTS), ENTRIES.c.raw.is_not(None), ENTRIES.c.writer.not_in(_ELSEWHERE))
_OBSERVED = "observation_recorded"
_URGENT = "khan"
_HANDOVER = "ban_giao"
_ENDED_BY = ("handed_over_at", "ended_at")
"""Fields of the catalogue that say that people in need are looked after."""
log = logging.getLogger(__name__)


@dataclass
class _Open:
    """Something that may still need an alarm. ``received_ms`` is when the station had its beginning."""

    received_ms: int
    kept: list[Kept] = field(default_factory=list)


class Watch:
    """What is open, as of the last look. Its methods run on one thread at a time."""

    def __init__(self, catalogue: Catalogue, patience: Patience, now_ms: Callable[[], int]) -> None:
        self._catalogue = catalogue
        self._patience = patience
        self._now_ms = now_ms
        self._calling = _words_that_call(catalogue)
        self._let_in = 0
        self._open: dict[str, _Open] = {}
        self._raised: dict[tuple[str, str], int] = {}
        """When an alarm of this kind was last raised about this subject, by the station's clock."""
        self._handed_over: dict[str, int] = {}
        """When people were last handed over on a patrol."""

    def find_alarms(self, connection: Connection) -> list[OwnFact]:
        """Alarms that are due and not raised yet, by what is committed as this connection sees it."""
        self._catch_up(connection)
        due, settled = [], []
        for subject, one in self._open.items():
            state = fold(one.kept, Subject(subject))
            if state is None or self._is_settled(state):
                settled.append(subject)
            elif (alarm := self._judge(state, one.received_ms)) is not None:
                due.append(alarm)
        for subject in settled:
            del self._open[subject]
        return due

    # --- reading ------------------------------------------------------------------------------------------------------

    def _catch_up(self, connection: Connection) -> None:
        row = ENTRIES.c
        since = self._now_ms() - LOOK_BACK_MS
        while True:
            fresh = (row.let_in > self._let_in, row.received_ms > since)
            wanted = select(row.raw, row.received_ms, row.let_in, row.fact).where(*fresh, *_LOOKED_AFTER)
            rows = connection.execute(wanted.order_by(row.let_in).limit(AT_ONCE)).all()
            for raw, received_ms, let_in, fact in rows:
                if fact != _OBSERVED or any(word in raw for word in self._calling):
                    entry = read_entry(raw)
                    if isinstance(entry.body, Amended) and entry.subject not in self._open:
                        self._open_again(connection, entry.subject, received_ms, let_in)
                    self._take(entry, received_ms)
                self._let_in = let_in
            if len(rows) < AT_ONCE:
                return

    def _open_again(self, connection: Connection, subject: str, received_ms: int, before: int) -> None:
        """What was settled, or called for nobody, may call for somebody after a correction, which came at ``received_ms``."""
        row = ENTRIES.c
        said = select(row.raw, row.received_ms).where(row.subject == subject, row.let_in < before, *_LOOKED_AFTER)
        kept = [Kept(read_entry(raw), came_ms) for raw, came_ms in connection.execute(said.order_by(row.let_in))]
        if kept:
            self._open[subject] = _Open(received_ms, kept)

    def _take(self, entry: Entry, received_ms: int) -> None:
        body = entry.body
        if isinstance(body, AlarmRaised):
            self._raised[body.kind, body.about] = entry.taken.wall_ms
            return
        if entry.begins_subject and entry.known:
            self._open[entry.subject] = _Open(received_ms)
        one = self._open.get(entry.subject)
        if one is not None:
            one.kept.append(Kept(entry, received_ms))
        if isinstance(body, ObservationRecorded) and body.kind == _HANDOVER and body.patrol is not None:
            self._handed_over[body.patrol] = max(self._handed_over.get(body.patrol, 0), body.happened_ms)

    # --- judging ------------------------------------------------------------------------------------------------------

    def _judge(self, state: State, received_ms: int) -> OwnFact | None:
        match state:
            case PatrolState():
                return self._judge_return(state, received_ms)
            case SosState():
                return self._raise_once(URGENT_UNANSWERED, state, received_ms + self._patience.answer_within_min * MINUTE_MS)
            case ObservationState():
                return self._judge_observation(state, received_ms)
            case OrderState():
                return self._judge_restriction(state, received_ms)
        return None

    def _judge_return(self, state: PatrolState, received_ms: int) -> OwnFact | None:
        """Overdue since the agreed hour and the grace. A start that arrives late has the grace from then: its end may follow.

        An alarm covers every due time before it, so a return put off to an hour that has passed raises no second one.
        """
        due_ms = state.started.return_due_ms
        if due_ms is None or self._raised.get((RETURN_OVERDUE, state.subject), 0) > due_ms:
            return None
        if self._now_ms() <= max(due_ms, received_ms) + self._patience.return_grace_min * MINUTE_MS:
            return None
        return _alarm(RETURN_OVERDUE, state, state.started.number)

    def _judge_observation(self, state: ObservationState, received_ms: int) -> OwnFact | None:
        first_ms = received_ms + self._patience.answer_within_min * MINUTE_MS
        alarm = self._raise_once(URGENT_UNANSWERED, state, first_ms) if _is_unanswered(state) else None
        if alarm is None and self._needs_handover(state):
            over_ms = state.recorded.happened_ms + self._patience.assistance_within_min * MINUTE_MS
            alarm = self._raise_once(ASSISTANCE_OPEN, state, max(over_ms, first_ms))
        return alarm

    def _judge_restriction(self, state: OrderState, received_ms: int) -> OwnFact | None:
        """Before it ends by law, and while somebody whom the law lists has not been told."""
        starts_ms, ends_ms = state.issued.starts_ms or 0, state.issued.ends_ms or 0
        ending_ms = ends_ms - self._patience.restriction_warning_min * MINUTE_MS
        alarm = self._raise_once(RESTRICTION_ENDING, state, max(ending_ms, received_ms), state.issued.title)
        if alarm is None and read_law().untold(one.given.role for one in state.notices):
            told_by_ms = max(starts_ms, received_ms) + self._patience.tell_within_min * MINUTE_MS
            alarm = self._raise_once(RESTRICTION_UNTOLD, state, told_by_ms, state.issued.title)
        return alarm

    def _needs_handover(self, state: ObservationState) -> bool:
        """People in need of whom nobody has said yet that somebody took them over, or that it is over."""
        seen = state.recorded
        kind = self._catalogue.kind(seen.kind)
        if kind is None or not kind.assistance or seen.values.get("sos") == "da_xong":
            return False
        if any(seen.values.get(code) is not None for code in _ENDED_BY):
            return False
        return self._handed_over.get(seen.patrol or "", 0) < seen.happened_ms

    def _raise_once(self, kind: str, state: RecordState, after_ms: int, text: str | None = None) -> OwnFact | None:
        """What an alarm has said of a subject is not said again."""
        late = (kind, state.subject) not in self._raised and self._now_ms() > after_ms
        return _alarm(kind, state, text) if late else None

    def _is_settled(self, state: State) -> bool:
        match state:
            case PatrolState():
                return state.ended is not None or state.voided
            case SosState():
                return state.closed is not None or bool(state.acknowledgements)
            case ObservationState():
                closed = state.voided or (state.review is not None and state.review.verdict not in OPEN_REVIEWS)
                return closed or not (_is_unanswered(state) or self._needs_handover(state))
            case OrderState():
                over = state.cancelled is not None or state.issued.ends_ms is None or self._now_ms() >= state.issued.ends_ms
                return state.issued.restriction is None or over
        return True


def _words_that_call(catalogue: Catalogue) -> list[bytes]:
    """What stands in the bytes of an observation that may call for somebody: most do not, and need not be read."""
    kinds = [code for code, kind in catalogue.kinds.items() if kind.assistance]
    return [b'"priority":"%b"' % _URGENT.encode(), *(b'"kind":"%b"' % kind.encode() for kind in (*kinds, _HANDOVER))]


def _is_unanswered(state: ObservationState) -> bool:
    return state.recorded.priority == _URGENT and not state.acknowledgements and state.review is None


def _alarm(kind: str, state: RecordState, text: str | None) -> OwnFact:
    return OwnFact(AlarmRaised(kind=kind, about=state.subject, text=text), unit=state.unit)


async def look(running: Running, watch: Watch) -> None:
    """One look: what is due is written under the accept lock, after the journal was read again there; who listens is told."""
    if await running.database.reading(watch.find_alarms):
        streams = await running.database.writing(lambda: running.acceptor.write_found(watch.find_alarms))
        running.hints.tell(streams)


async def stand_watch(running: Running) -> None:
    """Looks again and again until it is cancelled. A look that fails is logged; the next one comes."""
    watch = Watch(load_catalogue(), running.settings.patience, running.now_ms)
    while True:
        try:
            await look(running, watch)
        except Exception:
            log.exception("the station could not look after who is out")
        await asyncio.sleep(running.settings.patience.look_every_s)

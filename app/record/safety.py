"""What a person in need can say: a call for help is written at once, added to by taps, and closed with a reason."""

from collections.abc import Callable
from dataclasses import dataclass

from app.record.forms import NotRecorded, Problem, Recorded
from app.store.notebook import Notebook
from app.store.open_call import OpenCall
from app.store.pen import Pen
from journal.clock import ReadClocks
from journal.entries import Acknowledged, AlarmClosed, Amended, Position, SosClosed, SosRaised, Value
from journal.names import Subject

UNNAMED = "chua_ro"
"""What happened is said afterwards: asking first would cost the seconds that a call must not cost."""
NO_ANSWER = "khong_tra_loi"
"""The call that a person's own timer raised."""
CALL_KINDS: tuple[str, ...] = (
    "tai_nan", "lac", "ran_can", "vat_lieu_no", "mat_lien_lac", "thieu_nuoc", "bi_de_doa", "thien_tai", "khac",
)  # fmt: skip
_ADDED = "sos"


@dataclass(frozen=True)
class CallForm:
    """What is known when somebody calls for help: the last position with the time it was measured, and how many they are."""

    kind: str = UNNAMED
    patrol: str | None = None
    position: Position | None = None
    people: int | None = None


class SafetyRecorder:
    """The verbs of a call for help. All of them work while the device is locked."""

    def __init__(self, notebook: Notebook, read_clocks: ReadClocks) -> None:
        self._notebook = notebook
        self._read_clocks = read_clocks

    async def call_for_help(self, form: CallForm) -> Recorded:
        """Durable when it returns. While an earlier call is open nothing new is written: it is that one's ref."""
        raised = SosRaised(
            patrol=form.patrol,
            kind=form.kind,
            position=form.position,
            people=form.people,
            raised_ms=self._read_clocks().wall_ms,
        )

        def write(pen: Pen) -> Recorded:
            call = pen.open_call()
            if call is not None and not call.is_over:
                return Recorded(call.ref)
            return Recorded(pen.write(raised).ref)

        return await self._notebook.act(write)

    async def add_to_call(self, *, kind: str | None = None, people: int | None = None, position: Position | None = None) -> None:
        """Says more of the open call; nothing when none is open, or when it already reads so."""

        def write(pen: Pen) -> None:
            call = pen.open_call()
            if call is None or call.is_over:
                return
            changes = _changes(call, kind, people, position)
            if changes:
                pen.write(Amended(saw=call.version, changes=changes, reason=_ADDED), subject=Subject(call.ref), urgent=True)

        await self._notebook.act(write)

    async def close_call(self, outcome: str) -> NotRecorded | None:
        """The person who called says that it is over, and why; None when it is written, or was over already."""
        if not outcome.strip():
            return NotRecorded((Problem("outcome", "missing"),))
        closed = SosClosed(closed_ms=self._read_clocks().wall_ms, outcome=outcome.strip())

        def write(pen: Pen) -> None:
            call = pen.open_call()
            if call is not None and not call.is_over:
                pen.write(closed, subject=Subject(call.ref))

        await self._notebook.act(write)
        return None

    async def put_call_away(self) -> None:
        """The person has read how it ended; a call that is not over stays."""

        def put_away(pen: Pen) -> None:
            call = pen.open_call()
            if call is not None and call.is_over:
                pen.put_call_away()

        await self._notebook.act(put_away)


def _changes(call: OpenCall, kind: str | None, people: int | None, position: Position | None) -> dict[str, Value]:
    changes: dict[str, Value] = {}
    if kind is not None and kind != call.raised.kind:
        changes["kind"] = kind
    if people is not None and people != call.raised.people:
        changes["people"] = people
    if position is not None and position != call.raised.position:
        fields = position.model_dump(exclude_none=True)
        changes |= {f"position.{name}": value for name, value in fields.items()}
    return changes


class AlarmRecorder:
    """The verbs of the desk about calls for help and alarms."""

    def __init__(self, notebook: Notebook, now_ms: Callable[[], int]) -> None:
        self._notebook = notebook
        self._now_ms = now_ms

    async def answer(self, subject: str, *, note: str = "", unit: str | None = None) -> Recorded:
        """Somebody at the desk has it; ``note`` is told to who called, such as when help arrives."""
        body = Acknowledged(seen=subject, note=note.strip() or None)
        return Recorded((await self._notebook.act(lambda pen: pen.write(body, subject=Subject(subject), unit=unit))).ref)

    async def close(self, subject: str, outcome: str, *, call: bool, unit: str | None = None) -> Recorded | NotRecorded:
        """How it ended, in words; ``call`` when it is a person's call and not an alarm of the station."""
        said = outcome.strip()
        if not said:
            return NotRecorded((Problem("outcome", "missing"),))
        body = SosClosed(closed_ms=self._now_ms(), outcome=said) if call else AlarmClosed(outcome=said)
        return Recorded((await self._notebook.act(lambda pen: pen.write(body, subject=Subject(subject), unit=unit))).ref)

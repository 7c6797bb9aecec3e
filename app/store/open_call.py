"""The own call for help that is not over: readable before the PIN, since somebody's life may hang on it."""

from pydantic import BaseModel, ConfigDict, ValidationError

from app.store.journal_file import JournalFile
from journal.entries import Acknowledged, Amended, Entry, SosClosed, SosRaised
from journal.exchange import Settled
from journal.folding import amend
from journal.names import WriterId, split_ref

_STANDING = "call"
_OF_CALLS = (SosRaised, SosClosed, Acknowledged, Amended)


class OpenCall(BaseModel):
    """The last call for help that this device raised and its person has not put away.

    ``raised`` reads as amended. Times are ms since 1970; writers are those of the devices that answered and closed it.
    """

    model_config = ConfigDict(frozen=True)

    ref: str
    version: str
    """Ref of the latest entry that raised or amended it."""
    raised: SosRaised
    received_ms: int | None = None
    """When the station received it, by its signed receipt; None while nobody has it."""
    held: str | None = None
    """Why the station keeps it aside, where it does."""
    answered_by: str | None = None
    answered_ms: int | None = None
    answer: str | None = None
    """What the desk said with its answer, such as when help arrives."""
    closed_by: str | None = None
    closed_ms: int | None = None
    outcome: str | None = None

    @property
    def seq(self) -> int:
        named = split_ref(self.ref)
        return 0 if named is None else named[1]

    @property
    def is_over(self) -> bool:
        return self.closed_ms is not None


class OwnCalls:
    """Keeps the open call beside the journal, sealed by the device's secret, in the transaction of what moves it.

    It says nothing that the entries do not say: it is there because a locked device cannot read them.
    """

    def __init__(self, file: JournalFile, writer: WriterId) -> None:
        self._file = file
        self._writer = writer

    def read(self) -> OpenCall | None:
        raw = self._file.read_standing(_STANDING)
        if not raw:
            return None
        try:
            return OpenCall.model_validate_json(raw)
        except ValidationError:
            return None

    def follow_within(self, entry: Entry) -> None:
        """Takes up what this entry says of the own call."""
        if not isinstance(entry.body, _OF_CALLS):
            return
        call = self.read()
        if isinstance(entry.body, SosRaised):
            if entry.writer == self._writer:
                self._keep(OpenCall(ref=entry.ref, version=entry.ref, raised=entry.body))
        elif call is not None and entry.subject == call.ref:
            self._keep(_moved(call, entry, own=entry.writer == self._writer))

    def settle_within(self, settled: Settled) -> None:
        """A receipt names the call, in its chain or ahead of it."""
        call, receipt = self.read(), settled.receipt
        if call is None:
            return
        reason = next((one.reason for one in receipt.held if one.seq == call.seq), None)
        named = call.seq <= settled.to_seq or call.seq in receipt.urgent
        if named and call.received_ms is None:
            self._keep(call.model_copy(update={"received_ms": receipt.received_ms, "held": reason}))
        elif reason is not None and reason != call.held:
            self._keep(call.model_copy(update={"held": reason}))

    def offer_again_within(self) -> None:
        """In a new epoch nobody may have the call: what was said of it before counts no more."""
        call = self.read()
        if call is not None and not call.is_over:
            self._keep(call.model_copy(update={"received_ms": None, "held": None}))

    def put_away_within(self) -> None:
        """Its person has seen how it ended."""
        self._file.write_standing(_STANDING, b"")

    def _keep(self, call: OpenCall) -> None:
        self._file.write_standing(_STANDING, call.model_dump_json().encode())


def _moved(call: OpenCall, entry: Entry, *, own: bool) -> OpenCall:
    """The call after one more entry about it. The first answer and the first closing stand; the last words are told."""
    body, at_ms = entry.body, entry.stamp.ms
    match body:
        case Amended():
            return call.model_copy(update={"version": entry.ref, "raised": amend(call.raised, [body])})
        case SosClosed() if not call.is_over:
            closed = {"closed_by": entry.writer, "closed_ms": body.closed_ms, "outcome": body.outcome}
            return call.model_copy(update=closed)
        case Acknowledged() if not own:
            first = {} if call.answered_ms is not None else {"answered_by": entry.writer, "answered_ms": at_ms}
            return call.model_copy(update={**first, "answer": body.note or call.answer})
    return call

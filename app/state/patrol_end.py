"""The end of a patrol in the making: what the leader said so far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final

from pydantic import TypeAdapter, ValidationError

from app.record import EndForm, Problem
from app.record.patrol import answer_end
from app.state.draft import DraftUnreadable
from app.state.form_draft import FormDraft
from journal.entries import Value

TYPED: Final = ("result", "difficulties", "safety_note", "handover_note", "nothing_note")


@dataclass(frozen=True)
class EndContent:
    """What of an end is sealed and kept."""

    safe: bool = True
    weather: str | None = None
    number: str | None = None
    proposed: str = ""
    ended_ms: int | None = None
    distance_m: int | None = None
    typed: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Value] = field(default_factory=dict)


_ADAPTER: Final = TypeAdapter(EndContent)


@dataclass(eq=False)
class EndDraft(FormDraft):
    """What the leader said so far, or who writes for a patrol without a phone."""

    KEPT: ClassVar[tuple[str, ...]] = ("safe", "weather", "number", "proposed", "ended_ms", "distance_m")

    safe: bool = True
    weather: str | None = None
    number: str | None = None
    """As the leader confirmed it; None while nobody changed it."""
    proposed: str = ""
    """What the records say; the result follows them until the leader writes something else."""
    problems: Mapping[str, str] | None = None
    """What to mend, by field; filled when somebody tried to close."""
    ended_ms: int | None = None
    """Typed for a patrol that is entered on behalf; so is the distance."""
    distance_m: int | None = None

    def __post_init__(self) -> None:
        self.set_up("end", (*TYPED, "ended", "distance"))
        self._propose: Callable[[bool], str] = lambda _: ""

    def as_bytes(self) -> bytes:
        said = {name: getattr(self, name) for name in self.KEPT}
        return _ADAPTER.dump_json(EndContent(**said, typed=self._typed, answers=self.answers.content.values))

    @classmethod
    def from_bytes(cls, raw: bytes) -> "EndDraft":
        """Raises :class:`DraftUnreadable`."""
        try:
            kept = _ADAPTER.validate_json(raw)
        except ValidationError:
            raise DraftUnreadable("end") from None  # what went before says what was typed
        draft = cls(**{name: getattr(kept, name) for name in cls.KEPT})
        draft.fill(kept.typed, kept.answers)
        return draft

    def type_return(self, text: str, ended_ms: int | None) -> None:
        """When a patrol without a phone was back."""
        self.__dict__["ended_ms"] = ended_ms
        self.put_text("ended", text)

    def type_distance(self, text: str, distance_m: int | None) -> None:
        self.__dict__["distance_m"] = distance_m
        self.put_text("distance", text)

    def put_number(self, text: str) -> None:
        self.number = text

    def take_proposal(self, propose: Callable[[bool], str]) -> None:
        """Writes the proposal, unless the leader has changed it. Draws nothing by itself: it is called while drawing."""
        self._propose = propose
        if self._typed["result"] == self.proposed:
            told = propose(self.safe)
            self._typed["result"] = told
            self.__dict__["proposed"] = told

    def say_safe(self, *, safe: bool) -> None:
        self.safe = safe
        self.take_proposal(self._propose)

    def tell(self, problems: tuple[Problem, ...]) -> None:
        self.problems = {problem.where: problem.code for problem in reversed(problems)}
        self.answers.problems = self.problems

    def problem(self, name: str) -> str | None:
        return (self.problems or {}).get(name)

    def as_form(self, next_host: str | None) -> EndForm:
        """``next_host`` is the answer to who hosts the next bilateral patrol, in words."""
        said = {name: self._typed[name].strip() or None for name in TYPED}
        form = EndForm(
            result=said["result"] or "",
            difficulties=said["difficulties"],
            safe=self.safe,
            safety_note=None if self.safe else said["safety_note"],
            weather=self.weather,
            handover_note=said["handover_note"],
            nothing_note=said["nothing_note"],
        )
        form = replace(form, ended_ms=self.ended_ms, distance_m=self.distance_m)
        return answer_end(form, self.answers.content.values, next_host)

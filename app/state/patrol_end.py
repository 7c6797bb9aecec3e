"""The end of a patrol in the making: what the leader said so far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import flet as ft

from app.record import EndForm, Problem
from app.record.patrol import answer_end
from app.state.draft import Draft, DraftContent

TYPED: Final = ("result", "difficulties", "safety_note", "handover_note", "nothing_note")


@dataclass(eq=False)
class EndDraft(ft.Observable):
    """Handlers change it and read it when they are called."""

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
        self._typed = dict.fromkeys((*TYPED, "ended", "distance"), "")
        self._propose: Callable[[bool], str] = lambda _: ""
        self.answers = Draft.of("end", DraftContent("end"), lambda _: None)

    def put_text(self, name: str, text: str) -> None:
        """Typed text draws nothing anew: the field already shows it."""
        self._typed[name] = text

    def type_return(self, text: str, ended_ms: int | None) -> None:
        """When a patrol without a phone was back."""
        self._typed["ended"] = text
        self.__dict__["ended_ms"] = ended_ms

    def type_distance(self, text: str, distance_m: int | None) -> None:
        self._typed["distance"] = text
        self.__dict__["distance_m"] = distance_m

    def put_number(self, text: str) -> None:
        self.number = text

    def text(self, name: str) -> str:
        return self._typed[name]

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

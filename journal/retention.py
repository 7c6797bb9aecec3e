"""How long the personal part of a record is kept: the terms are data (``retention.json``), and nothing here erases anything.

The figures are the product's defaults, for the owner of the station to confirm. What falls due is shown; a person decides.
A record in a case stays with its case.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone
from functools import cache
from importlib import resources
from typing import Annotated, Final, Literal

from pydantic import Field

from journal.catalogue.kinds import Code, Frozen, Label
from journal.clock import milliseconds, moment

Part = Literal["photos", "plates", "words", "source"]
"""What of a record may tell of a person: photos and voice notes; plates; what was written in words; who told a tip."""
_THERE: Final = timezone(timedelta(hours=7))
_MONTHS_A_YEAR: Final = 12
_EVERY_MONTH_HAS: Final = 28


class Term(Frozen):
    """How long ``goes`` is kept, of records that fit all that is named."""

    code: Code
    label: Label
    kinds: frozenset[Code] = frozenset()
    statuses: frozenset[Code] = frozenset()
    except_statuses: frozenset[Code] = frozenset()
    answers: Mapping[Code, frozenset[Code]] = {}
    """Any of these answers, by field."""
    counted_from: Literal["happened", "judged"] = "happened"
    days: Annotated[int, Field(ge=0)] = 0
    months: Annotated[int, Field(ge=0)] = 0
    goes: tuple[Part, ...]

    def fits(self, record: "KeptRecord") -> bool:
        answered = any(record.values.get(code) in wanted for code, wanted in self.answers.items())
        return (
            (not self.kinds or record.kind in self.kinds)
            and (not self.statuses or record.status in self.statuses)
            and record.status not in self.except_statuses
            and (not self.answers or answered)
        )


class _Terms(Frozen):
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """What decides how long a record is kept. ``judged_ms`` is when the verdict in force was given."""

    kind: str
    status: str
    values: Mapping[str, object]
    happened_ms: int
    judged_ms: int | None
    in_case: bool


@dataclass(frozen=True, slots=True)
class FallsDue:
    term: Term
    due_ms: int


@cache
def read_terms() -> tuple[Term, ...]:
    """The terms as this version knows them; of those for one verdict or kind the first that fits holds."""
    return _Terms.model_validate_json(terms_as_written()).terms


def terms_as_written() -> bytes:
    """The terms' bytes: what was worked out by others must be worked out again."""
    return resources.files("journal").joinpath("retention.json").read_bytes()


def falls_due(record: KeptRecord) -> tuple[FallsDue, ...]:
    """What of the record falls due when, the soonest first; nothing while it lies in a case or no term fits it.

    Each part falls due once, by the first term that names it.
    """
    if record.in_case:
        return ()
    due: list[FallsDue] = []
    named: set[Part] = set()
    for term in read_terms():
        if term.fits(record) and not named.intersection(term.goes):
            named.update(term.goes)
            due.append(FallsDue(term, _end_of(term, record)))
    return tuple(sorted(due, key=lambda one: one.due_ms))


def first_due_ms(record: KeptRecord) -> int | None:
    """When the first of it falls due; None where nothing does."""
    return min((due.due_ms for due in falls_due(record)), default=None)


def _end_of(term: Term, record: KeptRecord) -> int:
    """Midnight in Vietnam of the day on which the term has passed."""
    judged = record.judged_ms if term.counted_from == "judged" else None
    began = moment(record.happened_ms if judged is None else judged).astimezone(_THERE)
    count = began.year * _MONTHS_A_YEAR + began.month - 1 + term.months
    day = min(began.day, _EVERY_MONTH_HAS) if term.months else began.day
    ends = began.replace(
        year=count // _MONTHS_A_YEAR, month=count % _MONTHS_A_YEAR + 1, day=day, hour=0, minute=0, second=0, microsecond=0
    )
    ends += timedelta(days=term.days + (began.day - day) + 1)
    return milliseconds(ends.astimezone(UTC))

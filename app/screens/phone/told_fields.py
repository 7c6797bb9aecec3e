"""The answers of a record in words, field by field, as the detail and a correction show them."""

from __future__ import annotations

from collections.abc import Mapping

from app.record import ObservationForm
from app.record.field import gather_values
from app.screens.tokens import Look
from app.state.session import Session
from app.store.queries import UnitLine
from journal.catalogue import Catalogue, KindField
from journal.catalogue.conditions import count_of
from journal.catalogue.validation import read_time_ms
from journal.clock import moment

Names = Mapping[str, str]


def told_values(session: Session, look: Look, form: ObservationForm) -> list[tuple[str, str]]:
    """Label and answer of everything that a form holds."""
    told = tell_fields(session.handset.catalogue, look, form.kind, gather_values(form), code_names(session, {}))
    if form.description:
        told.append((look.say("phone.field.description"), form.description))
    if form.priority:
        label = session.handset.catalogue.label(f"priorities.{form.priority}", look.texts.language)
        told.append((look.say("phone.field.priority"), label))
    return told


def code_names(session: Session, known: Mapping[str, UnitLine]) -> dict[str, str]:
    """Names of registered places and units by the code that a record keeps."""
    places = {place.code.partition(":")[2]: place.name for place in session.places}
    return {**places, **{code: unit.short_name or unit.name for code, unit in known.items()}}


def tell_fields(catalogue: Catalogue, look: Look, kind: str, values: Mapping[str, object], names: Names) -> list[tuple[str, str]]:
    """Label and answer of each field that has one, in the order of the form."""
    told = (
        (field.label.text(look.texts.language), tell(catalogue, look, field, values, names))
        for field in catalogue.fields_of(kind)
    )
    return [(label, words) for label, words in told if words]


def tell(catalogue: Catalogue, look: Look, field: KindField, values: Mapping[str, object], names: Names) -> str:
    """The answer in words; empty when there is none."""
    if field.type == "count_range":
        low, high = count_of(values, field.code, upper=False), count_of(values, field.code)
        return "" if low is None or high is None else str(low) if low == high else f"{low}–{high}"
    value = values.get(field.code)
    if value is None or value in ((), [], ""):
        return ""
    if isinstance(value, bool):
        return look.say("verb.yes" if value else "verb.no")
    if field.type == "time":
        at_ms = read_time_ms(value)
        return "" if at_ms is None else look.texts.moment(moment(at_ms))
    if isinstance(value, int):
        return look.texts.number(value)
    codes = value if isinstance(value, (tuple, list)) else (value,)
    return ", ".join(names.get(str(code)) or _word(catalogue, look, field, str(code)) for code in codes)


def _word(catalogue: Catalogue, look: Look, field: KindField, code: str) -> str:
    choice = catalogue.choice(field, code)
    return choice.label.text(look.texts.language) if choice else code

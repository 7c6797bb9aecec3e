"""Which kinds and questions a person is asked, by their roles; the station judges the same when it comes there."""

from collections.abc import Iterable

from app.state.who import Who
from journal.access.roles import OFFICER_KINDS, OFFICERS, RECORDERS, VILLAGE, VILLAGE_KINDS
from journal.catalogue import Kind, KindField


def is_officer(who: Who | None) -> bool:
    """Whether they may check documents, enter premises or hand people over. While no role is known here, nothing is kept back."""
    roles = _roles(who)
    return not roles or bool(roles & OFFICERS)


def kinds_for(who: Who | None, kinds: Iterable[Kind]) -> list[Kind]:
    """The kinds that they can record."""
    roles = _roles(who)
    if roles and not roles & RECORDERS and roles & VILLAGE:
        return [kind for kind in kinds if kind.code in VILLAGE_KINDS]
    return [kind for kind in kinds if kind.code not in OFFICER_KINDS or is_officer(who)]


def questions_for(who: Who | None, fields: Iterable[KindField]) -> tuple[KindField, ...]:
    """The questions without those that need a power they do not have."""
    return tuple(field for field in fields if field.power is None or is_officer(who))


def _roles(who: Who | None) -> frozenset[str]:
    return who.all_roles if who is not None else frozenset()

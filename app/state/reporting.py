"""The quick report of one record: its text from what this device knows, and the hour at which it was read over the radio."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from app.patrol.nearest import KnownPlace, find_nearest
from app.record import NotRecorded
from app.reports.quick_report import Circumstances, Seen, write_quick_report
from app.state.marker_check import MARKER_KINDS
from app.store.queries import ObservationDetail, ObservationLine, UnitLine, observation_detail, units
from app.texts import Texts
from journal.catalogue.validation import read_time_ms

if TYPE_CHECKING:
    from app.state.session import Session

AT_THE_PLACE_M: Final = 10
RADIO_AT: Final = "radio_report_at"
LEADER: Final = "to_truong"
_WORDS: Final = Texts("vi")
"""Papers and radio are Vietnamese, whatever the screens speak."""
RADIO_REASON: Final = _WORDS.say("phone.amend.radio_reason")


async def read_report(session: "Session", subject: str) -> tuple[ObservationDetail, str] | None:
    """The record and its text as it reads now; None when it is not on this device."""
    detail, known = await session.notebook.ask(lambda views: (observation_detail(views, subject), units(views)))
    if detail is None:
        return None
    return detail, write_quick_report(session.handset.catalogue, _seen(detail), _around(session, detail, known))


async def note_radio(session: "Session", detail: ObservationDetail) -> None:
    """Now, as a field of the record: the station counts from it how long its word took."""
    done = await session.handset.verbs.field.amend(
        detail.line.subject,
        saw=detail.line.version,
        changes={f"values.{RADIO_AT}": session.now_ms()},
        reason=RADIO_REASON,
    )
    if isinstance(done, NotRecorded):
        raise TypeError(f"a radio report was refused: {done.problems}")
    session.say_done("phone.report.radio_saved")


def radio_ms(detail: ObservationDetail) -> int | None:
    """When it was read over the radio; None before."""
    return read_time_ms(detail.line.values.get(RADIO_AT))


def _seen(detail: ObservationDetail) -> Seen:
    recorded = detail.state.recorded
    return Seen(
        detail.line.kind,
        detail.line.values,
        detail.line.happened_ms,
        recorded.position,
        recorded.care_times,
        detail.line.description,
    )


def _around(session: "Session", detail: ObservationDetail, known: Mapping[str, UnitLine]) -> Circumstances:
    who = session.who
    unit = known.get(detail.patrol.lead_unit if detail.patrol else detail.line.unit)
    name = (unit.short_name or unit.name) if unit else (who.unit_name if who else detail.line.unit)
    role = "leader" if who is not None and LEADER in who.all_roles else "member"
    names = {place.code.partition(":")[2]: place.name for place in session.places}
    names |= {code: one.short_name or one.name for code, one in known.items()}
    return Circumstances(
        unit=name,
        place=spoken_place(detail.line, session.places),
        reporter=_WORDS.say(f"report.{role}"),
        reported_ms=radio_ms(detail) or session.now_ms(),
        patrol_type=detail.patrol.type if detail.patrol else None,
        names=names,
    )


def spoken_place(line: ObservationLine, places: Iterable[KnownPlace]) -> str:
    """The registered place, the words that were typed, or how far the nearest marker is; empty where nothing is known."""
    known = tuple(places)
    if line.place is not None:
        return next((one.name for one in known if one.code == line.place), line.place.partition(":")[2])
    if line.place_text or line.latitude_e7 is None or line.longitude_e7 is None:
        return line.place_text or ""
    at = (line.latitude_e7, line.longitude_e7)
    near = find_nearest(*at, known, MARKER_KINDS) or find_nearest(*at, known)
    if near is None:
        return ""
    if near.distance_m < AT_THE_PLACE_M:
        return near.place.name
    return _WORDS.say("phone.place.near", name=near.place.name, metres=near.distance_m)

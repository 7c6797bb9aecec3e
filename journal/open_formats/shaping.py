"""From a folded state to a feature: whole, before it is asked what of it may leave."""

from collections.abc import Sequence

from journal.entries import Position
from journal.folding import ObservationState, PatrolState, PlaceState, RecordState, State, TrackPiece
from journal.names import name_for_others, split_ref
from journal.open_formats.feature import PATROL, PLACE, Feature, Part, Vertex
from journal.track.packing import unpack_tracks
from journal.track.thinning import thin_line
from journal.track.walks import split_walks

MOST_POINTS = 1_000
"""Of all parts of one track together: a corner every few metres of a day's walk."""
LEAST_POINTS_A_PART = 2


def shape(state: State | None) -> Feature | None:
    """The feature of a state; None for what is no thing on a map, was taken back, or is counted under another."""
    match state:
        case ObservationState():
            return None if _is_gone(state) else _shape_observation(state)
        case PatrolState():
            return None if _is_gone(state) else _shape_patrol(state)
        case PlaceState():
            return None if state.registered.retired else _shape_place(state)
    return None


def name_feature(subject: str) -> str:
    """The id under which others know a record: it does not tell who wrote it. Places keep the code of the register."""
    ref = split_ref(subject)
    return str(name_for_others(*ref)) if ref is not None else subject.partition(":")[2]


def _is_gone(state: RecordState) -> bool:
    return state.voided or state.hidden or state.merged_into is not None


def _shape_observation(state: ObservationState) -> Feature:
    seen = state.recorded
    facts: dict[str, str | int | bool | None] = {
        "priority": seen.priority,
        "status": state.status,
        "certainty": seen.certainty,
        "direction": seen.direction,
        "heading_deg": seen.heading_deg,
        "place": seen.place.partition(":")[2] if seen.place else None,
        "accuracy_m": -(-seen.position.accuracy_mm // 1000) if seen.position and seen.position.accuracy_mm else None,
        "patrol": name_feature(seen.patrol) if seen.patrol else None,
    }
    values = {code: value for code, value in seen.values.items() if code not in facts}
    if seen.description:
        values["description"] = seen.description
    if seen.place_text:
        values["place_text"] = seen.place_text
    return Feature(
        id=name_feature(state.subject),
        layer="observations",
        kind=seen.kind,
        unit=state.unit,
        from_ms=seen.happened_ms,
        until_ms=seen.happened_ms,
        point=_vertex(seen.position),
        lines=_walked(state.lines),
        facts=_told(facts),
        values=values,
    )


def _shape_patrol(state: PatrolState) -> Feature:
    started, ended = state.started, state.ended
    facts: dict[str, str | int | bool | None] = {
        "number": started.number,
        "type": started.type,
        "status": state.status,
        "people": state.people,
        "partner_people": started.partner_people,
        "transport": started.transport,
        "distance_m": state.distance_m,
        "on_behalf": started.on_behalf,
        **{f"people_{force.force}": force.people for force in started.composition},
    }
    return Feature(
        id=name_feature(state.subject),
        layer="patrols",
        kind=PATROL,
        unit=state.unit,
        title=started.number,
        from_ms=started.started_ms,
        until_ms=ended.ended_ms if ended is not None else None,
        lines=_walked(state.tracks),
        facts=_told(facts),
    )


def _shape_place(state: PlaceState) -> Feature:
    place = state.registered
    facts = {"place_kind": place.kind, "name": place.name, "code": state.code, "number": place.number, "status": place.status}
    line = tuple(Vertex(longitude_e7=one.longitude_e7, latitude_e7=one.latitude_e7) for one in place.line)
    return Feature(
        id=name_feature(state.subject),
        layer="places",
        kind=PLACE,
        unit="",
        title=place.name,
        point=_vertex(place.position),
        lines=(line,) if len(line) >= LEAST_POINTS_A_PART else (),
        facts=_told({**facts, "marker_class": place.marker_class}),
    )


def _told(facts: dict[str, str | int | bool | None]) -> dict[str, str | int | bool]:
    return {name: value for name, value in facts.items() if value is not None}


def _vertex(position: Position | None) -> Vertex | None:
    if position is None:
        return None
    return Vertex(longitude_e7=position.longitude_e7, latitude_e7=position.latitude_e7, altitude_mm=position.altitude_mm)


def _walked(pieces: Sequence[TrackPiece]) -> tuple[Part, ...]:
    """The stretches that are known to have been walked; a piece of a newer packing is left out."""
    walks = split_walks(unpack_tracks(piece.track for piece in pieces))
    share = max(LEAST_POINTS_A_PART, MOST_POINTS // max(1, len(walks)))
    return tuple(
        tuple(
            Vertex(longitude_e7=fix.longitude_e7, latitude_e7=fix.latitude_e7, altitude_mm=fix.altitude_mm, at_ms=fix.at_ms)
            for fix in thin_line(walk, share)
        )
        for walk in walks
    )

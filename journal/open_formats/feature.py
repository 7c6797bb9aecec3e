"""A record as maps and tables know things: an id, a place or lines, a time, and named values."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from journal.entries.envelope import Value

Layer = Literal["observations", "patrols", "places"]
LAYERS: tuple[Layer, ...] = ("observations", "patrols", "places")
PATROL, PLACE = "patrol", "place"
"""What stands for a kind where the layer has no kinds of the catalogue."""


class Vertex(BaseModel):
    """A corner: WGS84 in whole 1e-7 degrees; height above the ellipsoid's sea and time where they are known."""

    model_config = ConfigDict(frozen=True)

    longitude_e7: int
    latitude_e7: int
    altitude_mm: int | None = None
    at_ms: int | None = None


Part = tuple[Vertex, ...]


class Feature(BaseModel):
    """``point`` is None where nobody determined it. ``lines`` are unbroken parts: between two of them the way is not known.

    Times are ms since 1970, both ends included; None where the thing has no time, or has not ended. ``facts`` are the same for
    all of a layer; ``values`` are the catalogue's fields of this kind.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    layer: Layer
    kind: str
    unit: str
    """Who answers for it; empty for what is everybody's."""
    title: str = ""
    from_ms: int | None = None
    until_ms: int | None = None
    point: Vertex | None = None
    lines: tuple[Part, ...] = ()
    facts: dict[str, str | int | bool] = {}
    values: dict[str, Value] = {}

    @property
    def vertices(self) -> Part:
        """All corners; empty without a place."""
        along = tuple(vertex for line in self.lines for vertex in line)
        return along or ((self.point,) if self.point is not None else ())

    @property
    def named_values(self) -> dict[str, Value]:
        """Facts and values under one roof; a value of the catalogue never hides a fact."""
        told: dict[str, Value] = {**self.values, **self.facts}
        return told

"""A figure and how it is printed: one JSON object a line, nothing else on standard output."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    name: str
    value: float
    unit: str
    note: str = ""

    def as_line(self) -> str:
        return json.dumps(asdict(self) | {"value": round(self.value, 4)}, ensure_ascii=False)


def percentile(values: Sequence[float], percent: int) -> float:
    """The value below which ``percent`` of the values lie."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]

"""``python -m benchmarks GROUP...`` prints the figures of these groups."""

import sys
from collections.abc import Callable, Iterator

from benchmarks import capture, desk, faults, field, sync
from benchmarks.figures import Figure

GROUPS: dict[str, Callable[[], Iterator[Figure]]] = {
    "capture": capture.measure,
    "sync": sync.measure,
    "field": field.measure,
    "desk": desk.measure,
    "faults": faults.measure,
}


def main() -> int:
    asked = sys.argv[1:] or list(GROUPS)
    unknown = [name for name in asked if name not in GROUPS]
    if unknown:
        print(f"unknown group: {', '.join(unknown)}; there are {', '.join(GROUPS)}", file=sys.stderr)
        return 2
    for name in asked:
        for figure in GROUPS[name]():
            print(figure.as_line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

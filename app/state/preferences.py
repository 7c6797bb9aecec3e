"""What a phone keeps of how it looks and when it locks: no secret, so that the unlock screen has it before any PIN."""

import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from app.store.durable_files import write_durably

log = logging.getLogger(__name__)

IDLE_CHOICES_MIN: Final = (2, 5, 15)
NO_BOUND: Final = 0
BUDGET_CHOICES_MIB: Final = (20, 50, 200, NO_BOUND)


@dataclass(frozen=True)
class Preferences:
    """Of the phone, whoever uses it. None leaves it as the app was started."""

    theme: str | None = None
    language: str | None = None
    idle_lock_min: int = 15
    """Minutes without a touch after which the open page locks; out of sight it locks after two, whatever stands here."""
    station_nearby: str | None = None
    """Where the station is reached in the local network, as a person typed it; used when the usual address does not answer."""
    mode: str = "normal"
    """How closely teams are followed: precise, normal or saving."""
    day_budget_mib: int = 50
    """What mobile links may carry in a day before photos wait for the next; 0 for no bound."""
    photos_while_roaming: bool = False


_ADAPTER: Final = TypeAdapter(Preferences)


def read_preferences(path: Path) -> Preferences:
    """What was kept; the usual where nothing was, or nothing that can be read."""
    try:
        return _ADAPTER.validate_json(path.read_bytes())
    except FileNotFoundError:
        return Preferences()
    except (OSError, ValidationError):
        log.warning("the phone's preferences cannot be read; the usual ones hold")
        return Preferences()


def write_preferences(path: Path, preferences: Preferences) -> None:
    """Durable when it returns. Raises OSError when the disk refuses."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, [json.dumps(asdict(preferences)).encode()])

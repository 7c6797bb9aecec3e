"""What a person adds to the numbers of a report before it is signed: kept as a draft of the vault while it is written."""

import json
import logging
from dataclasses import asdict, dataclass, fields
from datetime import date

from app.reports.issuing import Issuer
from app.reports.periodic import Written
from app.reports.windows import Deadline, Window

log = logging.getLogger(__name__)

PREFIX = "periodic:"
TO_COMMUNE, TO_PROVINCE = "commune", "province"
WRITTEN = tuple(one.name for one in fields(Written))


@dataclass
class ReportForm:
    """Read when the paper is drawn, never drawn itself. ``hop`` tells how far up the chain the report goes."""

    hop: str = TO_COMMUNE
    superior: str = ""
    place: str = ""
    commune: str = ""
    basis: str = ""
    situation: str = ""
    leading: str = ""
    difficulties: str = ""
    plans: str = ""
    proposals: str = ""
    tip_to: str = ""
    """What the QR code of the villagers' cards holds: an address, or a telephone number."""
    tip_where: str = ""
    due_mode: str = "before"
    due_day: str = ""
    """As typed, such as 12/11/2026."""

    def written(self) -> Written:
        return Written(**{name: getattr(self, name) for name in WRITTEN})

    def issuer(self, name: str, kind: str) -> Issuer:
        return Issuer(name, kind, self.superior.strip(), self.place.strip())

    def due(self) -> Deadline | None:
        """None while no day was typed, or none that is in the calendar."""
        day = read_day(self.due_day)
        return None if day is None else Deadline("by" if self.due_mode == "by" else "before", day)


def read_day(typed: str) -> date | None:
    """12/11/2026, also with blanks, dots or dashes; None for anything else."""
    parts = typed.strip().replace(".", "/").replace("-", "/").split("/")
    try:
        day, month, year = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        return None


def draft_key(window: Window, unit: str) -> str:
    return f"{PREFIX}{window.first.isoformat()}:{window.last.isoformat()}:{unit}"


def as_bytes(form: ReportForm) -> bytes:
    return json.dumps(asdict(form), ensure_ascii=False).encode()


def read_form(raw: bytes) -> ReportForm:
    """What some version of the app kept: fields unknown here are left out, and unreadable bytes give an empty form."""
    known = {one.name for one in fields(ReportForm)}
    try:
        kept = json.loads(raw)
        return ReportForm(**{name: value for name, value in kept.items() if name in known and isinstance(value, str)})
    except (ValueError, AttributeError):
        log.warning("the draft of a report cannot be read")
        return ReportForm()

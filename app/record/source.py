"""Who told a tip: sealed for the station before it touches the disk, so that nobody reads it on a phone, its author included."""

import secrets

from app.store.notebook import Notebook
from app.store.pen import Pen
from app.store.sealing import RandomBytes
from journal.entries import SourceSealed
from journal.names import Subject
from journal.tip_source import TipSource, seal_source
from journal.wire import from_text, to_text


def seal_for_station(notebook: Notebook, source: TipSource, random_bytes: RandomBytes = secrets.token_bytes) -> str:
    """The box as base64url; what was typed is needed no more. Raises ValueError for an empty source."""
    return to_text(seal_source(source, from_text(notebook.station.sealing_key), notebook.writer, random_bytes))


def write_source(pen: Pen, subject: str, box: str) -> str:
    """The fact beside its record, within the record's transaction; returns its ref."""
    return pen.write(SourceSealed(box=box), subject=Subject(subject)).ref

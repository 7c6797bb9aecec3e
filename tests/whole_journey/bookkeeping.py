"""What a test knows for certain: what was shown as saved, and what really lies on the server's disk."""

import hashlib
import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import func
from sqlmodel import Session, select

from app.store.queries import ObservationFilter, PhotoLine, observations_page
from app.store.queries.shaping import photo_lines
from app.store.tables import KeptRow

HELD = "held"


class OnServer(NamedTuple):
    """A row of the server's journal."""

    link: bytes
    raw_sha256: str
    let_in: bool


@dataclass
class Saved:
    """What one device has shown as saved: links of its entries by seq, bytes of its photos by hash."""

    links: dict[int, bytes] = field(default_factory=dict)
    photos: dict[str, bytes] = field(default_factory=dict)
    released: set[str] = field(default_factory=set)
    leaving: set[str] = field(default_factory=set)
    """Photos of which nobody knows whether they were released: the device died over it."""


def on_server(database_file: Path) -> dict[tuple[str, int], list[OnServer]]:
    """Every row of the server's journal by writer and seq, read past the server itself."""
    held: dict[tuple[str, int], list[OnServer]] = {}
    with closing(sqlite3.connect(database_file)) as connection:
        for writer, seq, link, raw, let_in in connection.execute("SELECT writer, seq, link, raw, let_in FROM entry"):
            held.setdefault((writer, seq), []).append(OnServer(link, hashlib.sha256(raw).hexdigest(), let_in is not None))
    return held


def photos_on_server(database_file: Path, folder: Path) -> set[str]:
    """Hashes of the photos that the server lists and whose file has that hash."""
    with closing(sqlite3.connect(database_file)) as connection:
        listed = {sha256 for (sha256,) in connection.execute("SELECT sha256 FROM photo")}
    on_disk = {hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}
    return listed & on_disk


class Shown(NamedTuple):
    """An entry as a device shows it."""

    ref: str
    raw_sha256: str
    custody: str
    own: bool


def shown_entries(session: Session) -> list[Shown]:
    """Every entry behind the views of a device."""
    row = KeptRow
    rows = session.execute(select(row.ref, func.entry_bytes(row.writer, row.seq), row.custody, row.own))
    return [Shown(ref, hashlib.sha256(raw).hexdigest(), custody, own) for ref, raw, custody, own in rows]


def shown_records(session: Session) -> dict[str, tuple[object, ...]]:
    """Each observation that is not held as a screen shows it, but for what only its author's device can know."""
    records: dict[str, tuple[object, ...]] = {}
    following: str | None = None
    while True:
        page = observations_page(session, ObservationFilter(), following)
        taken = defaultdict[str, list[PhotoLine]](list)
        for photo in photo_lines(session, [line.subject for line in page.lines]):
            taken[photo.of].append(photo)
        for line in page.lines:
            if line.custody != HELD:
                photos = tuple((one.sha256, one.preview) for one in taken[line.subject] if one.custody != HELD)
                shown = (line.status, line.reopened, line.review_reason, line.reviewer, line.description, line.version)
                records[line.subject] = (*shown, line.counted, line.voided, photos)
        following = page.following
        if following is None:
            return records

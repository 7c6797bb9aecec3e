"""What a disk may hold after the power went: all that was synced, and of the rest whatever luck lets through.

The strictest reading of what systems promise. Of writes that were not synced each 512-byte sector may be there or not, in any
order; a length may be old or new; names that were not synced with their folder may be missing, from some point on; a rename is
whole or not there. A folder that was never synced into the one above is not there, whatever was synced inside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from random import Random

from tests.faults.io_log import Acked, Cut, Event, Made, Moved, Removed, Synced, Wrote

SECTOR_BYTES = 512
Luck = Random | bool
"""True: everything was written; False: nothing but what was synced; or by chance."""


@dataclass
class _File:
    durable: bytearray
    pending: list[Wrote | Cut] = field(default_factory=list)

    def sync(self) -> None:
        for change in self.pending:
            _change(self.durable, change)
        self.pending.clear()

    def after(self, luck: Luck) -> bytes:
        content = bytearray(self.durable)
        for change in self.pending:
            if luck is True or (isinstance(change, Cut) and luck and luck.random() < 0.5):
                _change(content, change)
            elif luck and isinstance(change, Wrote):
                _tear(content, change, luck)
        return bytes(content)


def _change(content: bytearray, change: Wrote | Cut) -> None:
    if isinstance(change, Cut):
        del content[change.size :]
        content.extend(bytes(change.size - len(content)))
        return
    content.extend(bytes(max(0, change.offset - len(content))))
    content[change.offset : change.offset + len(change.data)] = change.data


def _tear(content: bytearray, change: Wrote, luck: Random) -> None:
    """Whole, gone, or some of its sectors."""
    fate = luck.random()
    if fate < 0.35:
        _change(content, change)
    elif fate < 0.65:
        start, end = change.offset, change.offset + len(change.data)
        while start < end:
            until = min(end, (start // SECTOR_BYTES + 1) * SECTOR_BYTES)
            if luck.random() < 0.5:
                _change(content, Wrote(change.file, start, change.data[start - change.offset : until - change.offset]))
            start = until


@dataclass
class _Folder:
    durable: dict[str, int]
    pending: list[Made | Moved | Removed] = field(default_factory=list)

    def after(self, number: int, reached: int) -> dict[str, int]:
        names = dict(self.durable)
        for change in self.pending[:reached]:
            _rename(names, number, change)
        return names


def _rename(names: dict[str, int], number: int, change: Made | Moved | Removed) -> None:
    match change:
        case Made():
            names[change.name] = change.file
        case Removed():
            names.pop(change.name, None)
        case Moved():
            if change.folder == number:
                names.pop(change.name, None)
            if change.to_folder == number:
                names[change.to_name] = change.file


class Disk:
    """Follows a log of events; at any point says what would be left."""

    def __init__(self, folder: Path) -> None:
        """What is in ``folder`` now counts as synced."""
        self._root = folder.stat().st_ino
        self._files: dict[int, _File] = {}
        self._folders: dict[int, _Folder] = {}
        self._lives: dict[int, int] = {}
        self._unused = count(1 << 64)
        self._take_in(folder)

    def _take_in(self, folder: Path) -> None:
        held = {path.name: path for path in folder.iterdir() if not path.name.endswith("-shm")}
        self._folders[folder.stat().st_ino] = _Folder({name: path.stat().st_ino for name, path in held.items()})
        for path in held.values():
            if path.is_dir():
                self._take_in(path)
            else:
                self._files[path.stat().st_ino] = _File(bytearray(path.read_bytes()))

    def follow(self, event: Event) -> None:
        """The next event of the log. A file system gives a number that is free again to a new file."""
        if isinstance(event, Made):
            self._lives[event.file] = next(self._unused)
        event = self._known(event)
        match event:
            case Wrote() | Cut():
                self._files[event.file].pending.append(event)
            case Synced():
                self._sync(event.file)
            case Made():
                self._folders[event.folder].pending.append(event)
                if event.is_folder:
                    self._folders[event.file] = _Folder({})
                else:
                    self._files[event.file] = _File(bytearray())
            case Moved():
                for number in {event.folder, event.to_folder}:
                    self._folders[number].pending.append(event)
            case Removed():
                self._folders[event.folder].pending.append(event)
            case Acked():
                pass

    def _known(self, event: Event) -> Event:
        known = {
            name: self._lives.get(number, number)
            for name in ("file", "folder", "to_folder")
            if (number := getattr(event, name, None)) is not None
        }
        return replace(event, **known) if known else event

    def _sync(self, number: int) -> None:
        if number in self._files:
            self._files[number].sync()
            return
        folder = self._folders[number]
        for change in folder.pending:
            _rename(folder.durable, number, change)
            if isinstance(change, Moved):
                self._settle_elsewhere(change, number)
        folder.pending.clear()

    def _settle_elsewhere(self, moved: Moved, number: int) -> None:
        """A move between folders is one step for both."""
        for other in {moved.folder, moved.to_folder} - {number}:
            if moved in self._folders[other].pending:
                self._folders[other].pending.remove(moved)
                _rename(self._folders[other].durable, other, moved)

    def leave(self, folder: Path, luck: Luck, spared: str = "") -> None:
        """Writes into ``folder``, which must not exist, what is left after a power cut now.

        ``spared`` is a folder in it that is on another disk: there the process only ended, and all was written.
        """
        self._leave(self._root, folder, luck, spared, self._reached(luck))

    def _reached(self, luck: Luck) -> dict[int, int]:
        """How many of each folder's changes were written. A move between folders was in both or in neither."""
        reached = {
            number: 0 if luck is False else len(one.pending) if luck is True else luck.randint(0, len(one.pending))
            for number, one in self._folders.items()
        }
        while (half := next(self._half_moved(reached), None)) is not None:
            number, place = half
            reached[number] = place
        return reached

    def _half_moved(self, reached: dict[int, int]) -> Iterator[tuple[int, int]]:
        for number, folder in self._folders.items():
            for place, change in enumerate(folder.pending[: reached[number]]):
                if isinstance(change, Moved):
                    other = change.to_folder if change.folder == number else change.folder
                    if change not in self._folders[other].pending[: reached[other]]:
                        yield number, place

    def _leave(self, number: int, folder: Path, luck: Luck, spared: str, reached: dict[int, int]) -> None:
        folder.mkdir()
        for name, held in self._folders[number].after(number, reached[number]).items():
            if held not in self._folders:
                (folder / name).write_bytes(self._files[held].after(luck))
            elif name == spared:
                self._leave(held, folder / name, True, "", self._reached(True))
            else:
                self._leave(held, folder / name, luck, "", reached)


@dataclass(frozen=True)
class Crash:
    """One power cut: before which event of the log, with which luck (None: chance, by the seed)."""

    before: int
    luck: bool | None
    seed: int

    def __str__(self) -> str:
        kind = {True: "all written", False: "only synced", None: f"seed {self.seed}"}[self.luck]
        return f"power cut before event {self.before}, {kind}"


def crashes(events: Sequence[Event], seeds: Sequence[int]) -> list[Crash]:
    """Every power cut that can differ from the one before it, and one after the end."""
    found = []
    for before, event in [*enumerate(events), (len(events), None)]:
        if isinstance(event, Acked):
            continue
        if event is None or isinstance(event, Synced):
            found.append(Crash(before, False, 0))
        found.append(Crash(before, True, 0))
        found += [Crash(before, None, seed) for seed in seeds]
    return found


def after_each(
    disk: Disk, events: Sequence[Event], cuts: Sequence[Crash], place: Path, spared: str = ""
) -> Iterator[tuple[Crash, Path, list[str]]]:
    """For each power cut in order of the log: what is left, in a folder of its own, and what had been acknowledged."""
    reached, acked = 0, list[str]()
    for number, cut in enumerate(sorted(cuts, key=lambda one: one.before)):
        while reached < cut.before:
            event = events[reached]
            disk.follow(event)
            if isinstance(event, Acked):
                acked.append(event.text)
            reached += 1
        left = place / f"left-{number}"
        disk.leave(left, Random(cut.seed * 1_000_003 + cut.before) if cut.luck is None else cut.luck, spared)
        yield cut, left, list(acked)

"""The packs that this device carries: taken in, checked, listed, thrown away. They are public maps and lie in the clear."""

import hashlib
import json
import logging
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.maps.opening import check_pack, open_pack
from app.maps.packs import Bounds, MapPack, PackFault, PackUnreadable

log = logging.getLogger(__name__)

PIECE_BYTES: Final = 1_048_576
SPARE_BYTES: Final = 200 * 1_048_576
"""Left free on the disk: recording comes before maps."""
ENDING: Final = ".pack"
UNFINISHED: Final = ".unfinished"
CHOICE: Final = "choice.json"
NAME_SIGNS: Final = 16
FreeBytes = Callable[[Path], int]


def free_bytes_at(folder: Path) -> int:
    """Free room of the disk on which this folder lies."""
    return shutil.disk_usage(folder).free


def key_of(sha256: str) -> str:
    """By what a pack is known on the shelf."""
    return sha256[:NAME_SIGNS]


@dataclass(frozen=True)
class InstalledPack:
    """A pack on this device. ``key`` is the beginning of its hash and its name on disk; ``fault`` says why it is not used."""

    key: str
    name: str
    size_bytes: int
    bounds: Bounds | None
    min_zoom: int
    max_zoom: int
    attribution: str
    fault: PackFault | None = None


class PackShelf:
    """A folder of packs. All of it blocks: callers ask from a thread, one at a time."""

    def __init__(self, folder: Path, free_bytes: FreeBytes = free_bytes_at) -> None:
        """`free_bytes` says how much room the disk has left."""
        self.folder = folder
        self._free_bytes = free_bytes
        self._open: dict[str, MapPack] = {}

    @property
    def open_packs(self) -> dict[str, MapPack]:
        """Those that can be read, by key; the same mapping always, so a tile server sees packs come and go."""
        return self._open

    def open_all(self) -> tuple[InstalledPack, ...]:
        """Opens what lies in the folder and sweeps away copies that were never finished."""
        (self.folder / f"coming{UNFINISHED}").unlink(missing_ok=True)
        return self.look_over()

    def look_over(self) -> tuple[InstalledPack, ...]:
        """Every pack of the folder, broken ones too: a person may want to throw them away."""
        return tuple(self._look_at(path) for path in sorted(self.folder.glob(f"*{ENDING}"))) if self.folder.exists() else ()

    def _look_at(self, path: Path) -> InstalledPack:
        size_bytes = path.stat().st_size
        try:
            pack = self._open.get(path.stem) or open_pack(path)
        except PackUnreadable as broken:
            log.warning("a map pack cannot be used: %s", broken)
            return InstalledPack(path.stem, path.stem, size_bytes, None, 0, 0, "", broken.fault)
        self._open[path.stem] = pack
        name = pack.name if pack.name != path.stem else self._given_name(path.stem)
        return InstalledPack(path.stem, name, size_bytes, pack.bounds, pack.min_zoom, pack.max_zoom, pack.attribution)

    def _given_name(self, key: str) -> str:
        return self._read_choice().get(f"name {key}") or key

    def take_in(self, source: Path, given_name: str, told: Callable[[int], None] = lambda _: None) -> str:
        """Copies a file onto the shelf once it has been found sound; returns its key. `told` hears the bytes copied so far.

        Raises PackUnreadable, NO_ROOM among its faults; nothing is left behind then.
        """
        check_pack(source)
        size_bytes = source.stat().st_size
        if not self.has_room_for(size_bytes):
            raise PackUnreadable(PackFault.NO_ROOM, source)
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder / f"coming{UNFINISHED}"
        digest = hashlib.sha256()
        try:
            with unfinished.open("wb") as copy:
                for piece in _pieces(source):
                    digest.update(piece)
                    copy.write(piece)
                    told(copy.tell())
            return self.put_away(unfinished, digest.hexdigest(), given_name)
        except OSError as full:
            raise PackUnreadable(PackFault.NO_ROOM, source, str(full)) from full
        finally:
            unfinished.unlink(missing_ok=True)

    def put_away(self, finished: Path, sha256: str, given_name: str) -> str:
        """Gives a file that lies whole in this folder its place on the shelf; returns its key. Raises PackUnreadable."""
        check_pack(finished)
        key = key_of(sha256)
        self.drop(key)
        finished.replace(self.folder / f"{key}{ENDING}")
        self._write_choice({**self._read_choice(), f"name {key}": given_name})
        self._look_at(self.folder / f"{key}{ENDING}")
        return key

    def has_room_for(self, size_bytes: int) -> bool:
        """Whether the disk holds this much more and still leaves room for recording."""
        place = next(one for one in (self.folder, *self.folder.parents) if one.exists())
        return self._free_bytes(place) - size_bytes >= SPARE_BYTES

    def drop(self, key: str) -> None:
        """Throws a pack away; harmless when it is not there."""
        pack = self._open.pop(key, None)
        if pack is not None:
            pack.close()
        (self.folder / f"{key}{ENDING}").unlink(missing_ok=True)

    def close(self) -> None:
        for pack in self._open.values():
            pack.close()
        self._open.clear()

    @property
    def chosen(self) -> str | None:
        """The pack that a person chose; None for whichever fits the place."""
        return self._read_choice().get("chosen") or None

    def choose(self, key: str | None) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._write_choice({**self._read_choice(), "chosen": key or ""})

    @property
    def meridian_deg(self) -> float | None:
        """Central meridian by which the province maps in VN-2000; None before anybody named it."""
        try:
            return float(self._read_choice()["meridian"])
        except (KeyError, ValueError):
            return None

    def keep_meridian(self, meridian_deg: float | None) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._write_choice({**self._read_choice(), "meridian": "" if meridian_deg is None else str(meridian_deg)})

    def _read_choice(self) -> dict[str, str]:
        try:
            read = json.loads((self.folder / CHOICE).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(name): str(value) for name, value in read.items()} if isinstance(read, dict) else {}

    def _write_choice(self, choice: dict[str, str]) -> None:
        unfinished = self.folder / f"{CHOICE}{UNFINISHED}"
        unfinished.write_text(json.dumps(choice, ensure_ascii=False), "utf-8")
        unfinished.replace(self.folder / CHOICE)


def best_pack(packs: tuple[InstalledPack, ...], chosen: str | None, latitude: float, longitude: float) -> InstalledPack | None:
    """The pack to show: the chosen one, else the most detailed one that holds the place, else the first that can be read."""
    usable = [pack for pack in packs if pack.fault is None and pack.bounds is not None]
    picked = next((pack for pack in usable if pack.key == chosen), None)
    if picked is not None:
        return picked
    here = [pack for pack in usable if pack.bounds is not None and pack.bounds.holds(latitude, longitude)]
    return max(here, key=lambda pack: pack.max_zoom, default=usable[0] if usable else None)


def _pieces(source: Path) -> Iterator[bytes]:
    with source.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield piece

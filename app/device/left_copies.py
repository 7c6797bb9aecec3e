"""What plugins of a phone leave in the app's cache, in the clear: photos as they were taken or picked, files that were shared."""

import asyncio
import logging
import os
import re
import shutil
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

log = logging.getLogger(__name__)

PICKED_COPIES = "file_picker"
"""Folder into which Android's file picker copies what was picked."""
_SHARED_COPIES = "share_plus"
_OF_ONE_SHARE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
"""A file is written into a folder of its own before the share sheet takes its copy."""


class LeftCopies:
    """Takes them away. It knows them by name, touches nothing else, and follows no link."""

    def __init__(self, folders: Iterable[Path]) -> None:
        """``folders`` are those of the phone in which they lie; none on a computer, whose folders belong to others too."""
        self._folders = tuple(dict.fromkeys(folders))
        self._in_use = 0
        self._due = False

    @asynccontextmanager
    async def in_use(self) -> AsyncIterator[None]:
        """While something is picked or shared its copy stays: what should be swept meanwhile is swept at the end."""
        self._in_use += 1
        try:
            yield
        finally:
            self._in_use -= 1
            if self._due:
                await self.sweep()

    async def sweep(self) -> None:
        """All of them. What cannot be taken away stays until the next time, and stops nothing."""
        self._due = self._in_use > 0
        if not self._due:
            await asyncio.to_thread(self._take_away, _is_left)

    async def sweep_shots(self) -> None:
        """What the camera wrote; called when no photo is being taken."""
        await asyncio.to_thread(self._take_away, _is_shot)

    def _take_away(self, is_one: Callable[[os.DirEntry[str]], bool]) -> None:
        for folder in self._folders:
            try:
                with os.scandir(folder) as found:
                    copies = [one for one in found if is_one(one)]
            except FileNotFoundError:
                continue
            except OSError as failed:
                log.warning("a cache of this phone cannot be looked into: %s", type(failed).__name__)
                continue
            for one in copies:
                _remove(one)


def _is_shot(one: os.DirEntry[str]) -> bool:
    return one.name.startswith("CAP") and one.name.endswith(".jpg") and one.is_file(follow_symlinks=False)


def _is_left(one: os.DirEntry[str]) -> bool:
    named = one.name in (PICKED_COPIES, _SHARED_COPIES) or _OF_ONE_SHARE.fullmatch(one.name) is not None
    return (named and one.is_dir(follow_symlinks=False)) or _is_shot(one)


def _remove(one: os.DirEntry[str]) -> None:
    try:
        if one.is_dir(follow_symlinks=False):
            shutil.rmtree(one.path)
        else:
            Path(one.path).unlink(missing_ok=True)
    except OSError as failed:
        log.warning("a copy in the clear could not be taken away: %s", type(failed).__name__)

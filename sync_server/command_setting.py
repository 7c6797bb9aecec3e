"""Where a command of the station runs, and what it gets from outside."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from sync_server.migrations import bring_up_to_date
from sync_server.running import Running, notice_restore, start
from sync_server.settings import Settings


@dataclass(frozen=True)
class Setting:
    """Where a command runs and what it gets from outside."""

    folder: Path
    now_ms: Callable[[], int]
    random_bytes: Callable[[int], bytes]
    out: TextIO
    ask: Callable[[str], str]
    """Asks for a secret, which is not shown as it is typed."""

    def say(self, *lines: str) -> None:
        self.out.write("\n".join(lines) + "\n")

    @contextmanager
    def station(self) -> Iterator[Running]:
        running = start(Settings.load(self.folder), now_ms=self.now_ms, random_bytes=self.random_bytes)
        try:
            with running.database.write() as connection:
                bring_up_to_date(connection)
            notice_restore(running)
            yield running
        finally:
            running.database.close()

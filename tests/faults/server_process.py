"""The station's real server as a process that can be killed; started from a process that has all modules loaded."""

import logging
import multiprocessing
import os
import signal
import time
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import httpx

STARTS_WITHIN_S = 60


def serve(folder: str) -> None:
    """``python -m sync_server run``, without a word."""
    logging.disable(logging.ERROR)
    from sync_server.__main__ import main  # noqa: PLC0415  the preloading process imports this module too

    main(["--folder", folder, "run"])


def server_factory() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["sync_server.__main__", "tests.faults.server_process"])
    return context


class ServerProcess:
    """One life of the server."""

    def __init__(self, context: ForkServerContext, folder: Path, address: str) -> None:
        self._process: BaseProcess = context.Process(target=serve, args=(str(folder),), daemon=True)
        self._process.start()
        self._address = address

    def wait(self) -> None:
        """Until it answers."""
        end = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < end and self._process.is_alive():
            try:
                httpx.get(f"{self._address}/station", timeout=5)
            except httpx.TransportError:
                time.sleep(0.01)
            else:
                return
        raise TimeoutError("the server does not answer")

    def kill(self) -> None:
        pid = self._process.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        self._process.join()
        self._process.close()

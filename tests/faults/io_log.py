"""What a process does to files, call by call, as the kernel sees it: SQLite's writes, Python's and Rust's alike.

The process is started, traced (ptrace, Linux 5.3 or later, x86-64 or 64-bit ARM) and run to its end. Only files below one folder
count. Writes to :data:`ACK` are what the process told the world, in their place among the writes. Shared maps are not seen: of
SQLite only the ``-shm`` file uses one, and after a power cut nobody reads it.
"""

import ctypes
import os
import platform
import signal
import struct
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

ACK = 200
"""File descriptor on which a traced process says what it has acknowledged."""


@dataclass(frozen=True)
class Wrote:
    file: int
    offset: int
    data: bytes


@dataclass(frozen=True)
class Cut:
    """The file's length was set."""

    file: int
    size: int


@dataclass(frozen=True)
class Synced:
    """A file's bytes or a folder's names are on the disk."""

    file: int


@dataclass(frozen=True)
class Made:
    """A new file or folder got its name."""

    folder: int
    name: str
    file: int
    is_folder: bool = False


@dataclass(frozen=True)
class Moved:
    """A file got another name; what had that name before is gone."""

    folder: int
    name: str
    to_folder: int
    to_name: str
    file: int


@dataclass(frozen=True)
class Removed:
    folder: int
    name: str


@dataclass(frozen=True)
class Acked:
    text: str


Event = Wrote | Cut | Synced | Made | Moved | Removed | Acked

_TRACEME, _CONT_TO_CALL, _SET_OPTIONS, _CALL_INFO = 0, 24, 0x4200, 0x420E
_GOOD, _FORKS, _KILL_AT_EXIT = 0x1, 0x2 | 0x4 | 0x8, 0x100000
_ALL_THREADS = 0x40000000
_ENTRY, _EXIT = 1, 2
_AT_CWD = -100
_NUMBERS = {
    "x86_64": {
        1: "write", 18: "pwrite", 20: "writev", 296: "pwritev", 328: "pwritev", 77: "ftruncate", 76: "truncate", 285: "fallocate",
        74: "fsync", 75: "fdatasync", 2: "open", 257: "openat", 85: "creat", 82: "rename", 264: "renameat", 316: "renameat",
        87: "unlink", 263: "unlinkat", 83: "mkdir", 258: "mkdirat", 84: "rmdir", 86: "link", 265: "linkat",
        326: "copy_file_range", 40: "sendfile",
    },
    "aarch64": {
        64: "write", 68: "pwrite", 66: "writev", 70: "pwritev", 287: "pwritev", 46: "ftruncate", 45: "truncate", 47: "fallocate",
        82: "fsync", 83: "fdatasync", 56: "openat", 38: "renameat", 276: "renameat", 35: "unlinkat", 34: "mkdirat", 37: "linkat",
        285: "copy_file_range", 71: "sendfile",
    },
}  # fmt: skip
_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
_libc.ptrace.restype = ctypes.c_long


def _ptrace(request: int, pid: int, address: int = 0, data: int | ctypes.Array[ctypes.c_char] = 0) -> int:
    done = int(_libc.ptrace(request, pid, address, data))
    if done < 0:
        failed = ctypes.get_errno()
        raise OSError(failed, f"ptrace {request:#x}: {os.strerror(failed)}")
    return done


def record(folder: Path, start: Callable[[], int]) -> list[Event]:
    """Follows the process that ``start`` starts, to its end; what it did below ``folder``. Raises ChildFailed, NotFollowed."""
    if (numbers := _NUMBERS.get(platform.machine())) is None:
        raise NotFollowed(f"no system call numbers for {platform.machine()}")
    pid = start()
    _, status = os.waitpid(pid, 0)
    if not os.WIFSTOPPED(status):
        raise ChildFailed(f"status {status:#x} before it began")
    _ptrace(_SET_OPTIONS, pid, 0, _GOOD | _FORKS | _KILL_AT_EXIT)
    _ptrace(_CONT_TO_CALL, pid)
    tracer = _Tracer(folder, numbers)
    tracer.follow(pid)
    return tracer.events


def forked(act: Callable[[], None]) -> Callable[[], int]:
    """``act`` in a fork of this process."""

    def start() -> int:
        pid = os.fork()
        if pid == 0:
            be_traced(act)
        return pid

    return start


def spawned(module: str, *arguments: str) -> Callable[[], int]:
    """A program of its own, for what does not survive a fork; its main calls :func:`be_traced`."""
    command = [sys.executable, "-W", "error", "-m", module, *arguments]
    return lambda: os.posix_spawn(sys.executable, command, os.environ)


def be_traced(act: Callable[[], None]) -> NoReturn:
    """Does ``act`` under the eyes of whoever started this process, and ends it."""
    try:
        os.setpgid(0, 0)
        os.dup2(os.open(os.devnull, os.O_WRONLY), ACK)
        _ptrace(_TRACEME, 0)
        os.kill(os.getpid(), signal.SIGSTOP)
        act()
        os._exit(0)
    except BaseException:  # noqa: BLE001  a fork must not go on as the test it was made of
        traceback.print_exc()
    finally:
        os._exit(1)


def acknowledge(text: str) -> None:
    """For the traced process: this much it has told the world."""
    os.write(ACK, text.encode())


class NotFollowed(Exception):
    """A call, or a machine, that this log does not know: a log with a hole would prove nothing, so it ends."""


class ChildFailed(Exception):
    """The traced process did not end well; what it said is on stderr."""


class _Tracer:
    """Follows every thread of the child from call to call."""

    def __init__(self, folder: Path, numbers: dict[int, str]) -> None:
        self.events: list[Event] = []
        self._numbers = numbers
        self._calls = _Calls(folder, self.events)
        self._info = ctypes.create_string_buffer(88)

    def follow(self, pid: int) -> None:
        known = {pid}
        while True:
            tid, status = os.waitpid(-pid, _ALL_THREADS)
            if os.WIFEXITED(status) or os.WIFSIGNALED(status):
                if tid == pid:
                    if status:
                        raise ChildFailed(f"status {status:#x}")
                    return
                continue
            stopped = os.WSTOPSIG(status)
            deliver = 0
            if stopped == signal.SIGTRAP | 0x80:
                self._look(tid)
            elif not (status >> 16 or (stopped == signal.SIGSTOP and tid not in known)):
                deliver = stopped
            known.add(tid)
            _ptrace(_CONT_TO_CALL, tid, 0, deliver)

    def _look(self, tid: int) -> None:
        _ptrace(_CALL_INFO, tid, len(self._info), self._info)
        if self._info.raw[0] == _ENTRY:
            number, *arguments = struct.unpack_from("<7Q", self._info, 24)
            name = self._numbers.get(number)
            if name is not None:
                self._calls.enter(tid, name, arguments)
        elif self._info.raw[0] == _EXIT:
            self._calls.leave(tid, struct.unpack_from("<q", self._info, 24)[0])


class _Calls:
    """Turns system calls into events. What must be known before a call is looked up at its entry."""

    def __init__(self, folder: Path, events: list[Event]) -> None:
        self._folder = folder
        self._events = events
        self._under_way: dict[int, Callable[[int], None]] = {}

    def leave(self, tid: int, result: int) -> None:
        finish = self._under_way.pop(tid, None)
        if finish is not None and result >= 0:
            finish(result)

    def enter(self, tid: int, name: str, a: list[int]) -> None:
        finish = self._plan(tid, name, a)
        if finish is not None:
            self._under_way[tid] = finish

    def _plan(self, tid: int, name: str, a: list[int]) -> Callable[[int], None] | None:
        match name:
            case "write" if a[0] == ACK:
                text = _memory(tid, a[1], a[2]).decode()
                return lambda _: self._events.append(Acked(text))
            case "write" | "pwrite":
                return self._write(tid, a[0], [(a[1], a[2])], a[3] if name == "pwrite" else None)
            case "writev" | "pwritev":
                pairs = struct.unpack(f"<{2 * a[2]}Q", _memory(tid, a[1], 16 * a[2]))
                pieces = list(zip(pairs[::2], pairs[1::2], strict=True))
                return self._write(tid, a[0], pieces, a[3] if name == "pwritev" else None)
            case "fsync" | "fdatasync" | "ftruncate" | "fallocate" | "copy_file_range" | "sendfile":
                return self._on_file(tid, name, a)
            case "open" | "openat" | "creat":
                return self._open(tid, name, a)
            case _:
                return self._on_names(tid, name, a)

    def _number(self, tid: int, descriptor: int) -> int | None:
        """The file behind a descriptor, if it is one of ours."""
        link = Path(f"/proc/{tid}/fd/{descriptor}")
        path = link.readlink() if descriptor < 1 << 31 else Path()
        if not path.is_relative_to(self._folder) or path.name.endswith("-shm"):
            return None
        return link.stat().st_ino

    def _write(
        self, tid: int, descriptor: int, pieces: list[tuple[int, int]], offset: int | None
    ) -> Callable[[int], None] | None:
        file = self._number(tid, descriptor)
        if file is None:
            return None
        data = b"".join(_memory(tid, start, size) for start, size in pieces)
        where = _position(tid, descriptor) if offset is None else offset
        return lambda done: self._events.append(Wrote(file, where, data[:done]))

    def _on_file(self, tid: int, name: str, a: list[int]) -> Callable[[int], None] | None:
        to = a[2] if name == "copy_file_range" else a[0]
        file = self._number(tid, to)
        if file is None:
            return None
        match name:
            case "fsync" | "fdatasync":
                return lambda _: self._events.append(Synced(file))
            case "ftruncate":
                return lambda _: self._events.append(Cut(file, a[1]))
            case _:
                raise NotFollowed(f"{name} is not followed")

    def _open(self, tid: int, name: str, a: list[int]) -> Callable[[int], None] | None:
        path = self._path(tid, a[0], a[1]) if name == "openat" else self._path(tid, _AT_CWD, a[0])
        flags = {"openat": a[2], "open": a[1], "creat": os.O_CREAT | os.O_TRUNC}[name]
        if not self._is_ours(path) or not flags & (os.O_CREAT | os.O_TRUNC) or flags & os.O_PATH:
            return None
        existed = path.exists()

        def opened(_: int) -> None:
            file = path.stat().st_ino
            if not existed:
                self._events.append(Made(path.parent.stat().st_ino, path.name, file))
            elif flags & os.O_TRUNC:
                self._events.append(Cut(file, 0))

        return opened

    def _on_names(self, tid: int, name: str, a: list[int]) -> Callable[[int], None] | None:
        at = name.endswith("at")
        path = self._path(tid, a[0], a[1]) if at else self._path(tid, _AT_CWD, a[0])
        if not self._is_ours(path):
            return None
        if not path.parent.exists():
            return None  # the call will fail
        folder = path.parent.stat().st_ino
        match name:
            case "unlink" | "unlinkat" | "rmdir":
                return lambda _: self._events.append(Removed(folder, path.name))
            case "mkdir" | "mkdirat":
                return lambda _: self._events.append(Made(folder, path.name, path.stat().st_ino, is_folder=True))
            case "rename" | "renameat" if path.exists():
                to = self._path(tid, a[2], a[3]) if at else self._path(tid, _AT_CWD, a[1])
                file = path.stat().st_ino
                return lambda _: self._events.append(Moved(folder, path.name, to.parent.stat().st_ino, to.name, file))
            case "rename" | "renameat":
                return None
            case _:
                raise NotFollowed(f"{name} is not followed")

    def _path(self, tid: int, at: int, address: int) -> Path:
        at = ctypes.c_int(at).value
        start = Path(f"/proc/{tid}/cwd" if at == _AT_CWD else f"/proc/{tid}/fd/{at}").readlink()
        return start / _text(tid, address)

    def _is_ours(self, path: Path) -> bool:
        return path.is_relative_to(self._folder) and path != self._folder and not path.name.endswith("-shm")


def _memory(tid: int, start: int, size: int) -> bytes:
    with open(f"/proc/{tid}/mem", "rb", buffering=0) as memory:  # noqa: PTH123
        return os.pread(memory.fileno(), size, start) if size else b""


def _text(tid: int, start: int) -> str:
    raw = b""
    while b"\0" not in raw:
        raw += _memory(tid, start + len(raw), min(256, 4096 - (start + len(raw)) % 4096))
    return raw.split(b"\0", 1)[0].decode("utf-8", "surrogateescape")


def _position(tid: int, descriptor: int) -> int:
    told = dict(
        line.split(":\t", 1) for line in Path(f"/proc/{tid}/fdinfo/{descriptor}").read_text().splitlines() if ":\t" in line
    )
    if int(told["flags"], 8) & os.O_APPEND:
        return Path(f"/proc/{tid}/fd/{descriptor}").stat().st_size
    return int(told["pos"])

"""Planted in a device: what it saves, when it says so, how it orders, and what it shows."""

import sqlite3
from contextlib import contextmanager, suppress

from app.store import journal_store
from app.store.journal_file import JournalFile
from app.store.journal_store import JournalStore
from app.store.pen import Pen
from app.store.photo_files import PhotoFiles
from app.store.receiving import Receiving
from app.store.sending import Sending
from app.store.views import Views
from journal.clock import HybridClock, Stamp
from tests.faults.planting import Ground, bug


@bug("says saved before the commit")
def _(ground: Ground) -> None:
    @contextmanager
    def later(self):
        self.keys.store_current()
        if self.connection.in_transaction:
            self.connection.execute("COMMIT")
        self.connection.execute("BEGIN IMMEDIATE")
        yield self.connection

    ground.set(JournalFile, "transaction", later)


@bug("says saved on a full disk")
def _(ground: Ground) -> None:
    transaction = JournalFile.transaction

    class Deaf:
        def __init__(self, file):
            self._connection = file.connection

        def execute(self, *given):
            with suppress(sqlite3.OperationalError):
                return self._connection.execute(*given)

        def __getattr__(self, name):
            return getattr(self._connection, name)

    @contextmanager
    def deaf(self):
        written = False
        try:
            with transaction(self) as connection:
                yield connection
                written = True
        except sqlite3.OperationalError:
            if not written:
                raise

    ground.set(Pen, "_connection", property(lambda self: Deaf(self._file)))
    ground.set(JournalFile, "transaction", deaf)


@bug("writes half a photo")
def _(ground: Ground) -> None:
    keep = PhotoFiles.keep

    def half(self, plain):
        name, key = keep(self, plain)
        file = self._folder / name
        file.write_bytes(file.read_bytes()[:-20])
        return name, key

    ground.set(PhotoFiles, "keep", half)


@bug("its clock goes back with the phone's")
def _(ground: Ground) -> None:
    def tick(self, wall_ms):
        self.last = Stamp(wall_ms, self.last.n + 1)
        return self.last

    ground.set(HybridClock, "tick", tick)


@bug("is dragged along by a clock of the future")
def _(ground: Ground) -> None:
    def meet(self, other, _trusted_ms):
        self.last = max(self.last, other)
        return True

    ground.set(HybridClock, "meet", meet)


@bug("forgets its clock when it dies")
def _(ground: Ground) -> None:
    from app.store import opening  # noqa: PLC0415  where the clock is found again

    find = opening._find_chain

    def from_zero(file, identity, means):
        chain = find(file, identity, means)
        chain.clock.last = Stamp(0, 0)
        return chain

    ground.set(opening, "_find_chain", from_zero)


@bug("a snapshot stands for what came after it")
def _(ground: Ground) -> None:
    fold = journal_store.fold_in

    def from_now(file, views, own, held, since):
        return fold(file, views, own, held, file.mark if since else 0)

    ground.set(journal_store, "fold_in", from_now)


@bug("does not show that a receipt came")
def _(ground: Ground) -> None:
    ground.set(Views, "set_custody", lambda self, writer, to_seq, held, received_ms=None: None)


@bug("shows what is held as received")
def _(ground: Ground) -> None:
    show = Views.set_custody
    ground.set(
        Views, "set_custody", lambda self, writer, to_seq, held, received_ms=None: show(self, writer, to_seq, {}, received_ms)
    )


@bug("folds only the first entries of a subject")
def _(ground: Ground) -> None:
    ground.set(Views, "_fold_again", lambda self, connection, subjects: None)


@bug("what was taken back stays on the screen")
def _(ground: Ground) -> None:
    ground.set(Views, "retract", lambda self, ref: None)


@bug("passes over the first that waits")
def _(ground: Ground) -> None:
    unsent = Sending.unsent
    ground.set(Sending, "unsent", lambda self, limit, after=0: unsent(self, limit + 1, after)[1:])


@bug("loses a draft of its chain when a new entry comes from others")
def _(ground: Ground) -> None:
    take = Receiving._take

    def careless(self, given, taken):
        take(self, given, taken)
        self._file.connection.execute(
            "DELETE FROM entry WHERE row = (SELECT max(row) FROM entry WHERE writer = ? AND state = 'unsent')", (self._writer,)
        )

    ground.set(Receiving, "_take", careless)


@bug("forgets what was being written when a write fails")
def _(ground: Ground) -> None:
    act = JournalStore.act

    def skipping(self, fn):
        stood_at = self._chain.stands_at
        try:
            return act(self, fn)
        except sqlite3.OperationalError:
            self._chain.stands_at = stood_at._replace(seq=stood_at.seq + 1)
            raise

    ground.set(JournalStore, "act", skipping)

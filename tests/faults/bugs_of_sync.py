"""Planted on the way: what a device believes, asks again, offers again, and tells about it."""

from dataclasses import replace

from app.store.journal_store import JournalStore
from app.store.outcomes import Cursors
from app.store.photo_shelf import PhotoShelf
from app.store.receiving import Receiving
from app.store.sending import Sending
from app.sync import push, run
from app.sync.answers import EpochChanged, ExchangeFailed, ServerUnreachable
from app.sync.photo_upload import PhotoUpload
from app.sync.photos import PhotoTravel
from app.sync.push import JournalPush
from app.sync.run import SyncRunner
from journal.exchange import Settled
from journal.wire import Receipt, Signed
from tests.faults.planting import Ground, bug


class _HopefulPush(JournalPush):
    """Takes a request that was sent for one that arrived."""

    async def send(self) -> int | None:
        try:
            return await super().send()
        except ServerUnreachable:
            await self._hope()
            raise

    async def _hope(self) -> None:
        notebook = self._notebook
        unsent = await notebook.unsent(100)
        if unsent:
            receipt = Receipt(
                station=notebook.station.station,
                epoch=(await notebook.cursors()).epoch,
                writer=notebook.writer,
                to_seq=unsent[-1].seq,
                link=unsent[-1].link.hex(),
                received_ms=0,
            )
            await notebook.settle(Settled(receipt.to_seq, receipt), Signed(message="{}", signature=""))


@bug("takes a request that was sent for one that arrived")
def _(ground: Ground) -> None:
    ground.set(run, "JournalPush", _HopefulPush)


@bug("believes a receipt for another branch")
def _(ground: Ground) -> None:
    def trusting(reply, *_):
        receipt = Receipt.unpack(reply.receipt.message)
        return Settled(receipt.to_seq, receipt)

    ground.set(push, "settle", trusting)


@bug("marks all before an urgent entry as received")
def _(ground: Ground) -> None:
    settle = Sending.settle

    def too_far(self, settled, signed):
        settle(self, Settled(max((settled.to_seq, *settled.receipt.urgent)), settled.receipt), signed)

    ground.set(Sending, "settle", too_far)


@bug("goes on where a station stands that holds another branch")
def _(ground: Ground) -> None:
    async def unsuspecting(self):
        standing = await self._ask_standing()
        if standing.epoch != (await self._notebook.cursors()).epoch:
            raise EpochChanged(standing.epoch)
        return standing.held_to

    ground.set(JournalPush, "_ask_held", unsuspecting)


@bug("never asks where the station stands")
def _(ground: Ground) -> None:
    ask = JournalPush._ask_held

    async def sure(self):
        await ask(self)
        waiting = await self._notebook.unsent(1)
        return waiting[0].seq

    ground.set(JournalPush, "_ask_held", sure)


@bug("keeps the cursor before the page")
def _(ground: Ground) -> None:
    apply = Receiving.apply

    def cursor_first(self, page):
        cursors = self.cursors()
        with self._file.transaction():
            self._keep_cursors(Cursors(cursors.epoch, {**cursors.by_stream, page.stream: page.until}))
        return apply(self, page)

    ground.set(Receiving, "apply", cursor_first)


@bug("keeps no more than a page's first entries")
def _(ground: Ground) -> None:
    apply = Receiving.apply
    ground.set(Receiving, "apply", lambda self, page: apply(self, replace(page, items=page.items[:5])))


@bug("goes on showing what was taken back")
def _(ground: Ground) -> None:
    ground.set(Receiving, "_take_back", lambda self, item, taken: None)


@bug("a new epoch makes it offer nothing again")
def _(ground: Ground) -> None:
    ground.set(Sending, "offer_again_within", lambda self: None)


@bug("a new epoch makes it offer no photo again")
def _(ground: Ground) -> None:
    ground.set(PhotoShelf, "offer_again_within", lambda self: None)
    ground.set(PhotoShelf, "offered_again", lambda self: None)


@bug("takes the new epoch's name and nothing else")
def _(ground: Ground) -> None:
    def only_name(self, epoch):
        with self._file.transaction():
            self.receiving._keep_cursors(Cursors(epoch, self.receiving.cursors().by_stream))

    ground.set(JournalStore, "begin_epoch", only_name)


@bug("deletes a photo without a receipt")
def _(ground: Ground) -> None:
    async def hasty(self, sha256):
        shelf = self._notebook._store.photos
        if sha256 not in shelf._held:
            return False
        shelf._set_state(sha256, "released")
        shelf._files.remove(shelf._held[sha256].name)
        return True

    ground.set(PhotoTravel, "release", hasty)


@bug("takes a photo for sent when its upload broke")
def _(ground: Ground) -> None:
    send = PhotoTravel._send_one

    async def hopeful(self, photo, raw):
        try:
            return await send(self, photo, raw)
        except ExchangeFailed:
            self._notebook._store.photos._set_state(photo.sha256, "received")
            raise

    ground.set(PhotoTravel, "_send_one", hopeful)


@bug("goes on with an upload one byte too far")
def _(ground: Ground) -> None:
    begin, ask = PhotoUpload._begin, PhotoUpload._ask_offset

    async def begin_too_far(self, photo):
        stands = await begin(self, photo)
        return (stands[0], stands[1] + 1) if isinstance(stands, tuple) and stands[1] else stands

    async def ask_too_far(self, place):
        offset = await ask(self, place)
        return offset + 1 if offset else offset

    ground.set(PhotoUpload, "_begin", begin_too_far)
    ground.set(PhotoUpload, "_ask_offset", ask_too_far)


@bug("says that one less waits than does")
def _(ground: Ground) -> None:
    async def flattering(self, phase):
        waiting = await self._notebook.waiting()
        self._state = replace(self._state, phase=phase, waiting_count=max(0, waiting.entries - 1), waiting_photos=waiting.photos)
        self._listener(self._state)

    ground.set(SyncRunner, "_show_counts", flattering)

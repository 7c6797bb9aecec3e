"""Planted at the station: what it keeps, judges, grants, signs, and remembers of its own life."""

from dataclasses import replace

from app.store.receiving import Receiving
from journal.entries import ForkFound
from journal.exchange import Continues, Forks
from sync_server import judging, main, photo_storage, receipts, serve, taking
from sync_server.accept import Acceptor
from sync_server.admission import Admission
from sync_server.photo_storage import PhotoStorage, _key
from sync_server.station_mark import Mark, MarkFile
from sync_server.taking import Taking
from tests.faults.planting import Ground, bug


@bug("acknowledges without storing")
def _(ground: Ground) -> None:
    flush = Admission.flush

    def forgetful(self):
        if any(row[0] != self._station for row in self._rows):
            self._rows = self._rows[:-1]
        flush(self)

    ground.set(Admission, "flush", forgetful)


@bug("commits half a frame and answers for the whole")
def _(ground: Ground) -> None:
    go_on = Taking._continue

    def half(self, fresh):
        before = len(self._gathered)
        go_on(self, fresh)
        came = len(self._gathered) - before
        if came > 1:
            del self._gathered[before + (came + 1) // 2 :]

    ground.set(Taking, "_continue", half)


@bug("drops what it should hold")
def _(ground: Ground) -> None:
    store = Admission.store

    def only_good(self, one, person, reason):
        if reason is None:
            store(self, one, person, reason)

    ground.set(Admission, "store", only_good)


@bug("knows an entry by its number alone")
def _(ground: Ground) -> None:
    judge = taking.judge_frame

    def by_number(frame, *, head, **rest):
        judged = judge(frame, head=head, **rest)
        if isinstance(judged, Forks):
            return Continues(tuple(one for one in judged.branch if one.seq > head.seq))
        return judged

    ground.set(taking, "judge_frame", by_number)


@bug("says nothing of a fork")
def _(ground: Ground) -> None:
    say = Acceptor.say

    def silent(self, admission, facts):
        rest = [fact for fact in facts if not isinstance(fact.body, ForkFound)]
        if rest:
            say(self, admission, rest)

    ground.set(Acceptor, "say", silent)


@bug("takes an urgent entry for all before it")
def _(ground: Ground) -> None:
    take = Taking._take_urgent

    def too_far(self, urgent):
        take(self, urgent)
        writer = self._writer
        one = taking.judge_urgent(urgent, writer=writer.writer, public_key=writer.public_key, salt_of=self._reads.salt_of)
        if getattr(one, "seq", 0) > self._chain.head.seq:
            self._chain.go_on([one])

    ground.set(Taking, "_take_urgent", too_far)


@bug("stores an urgent entry again when its chain comes")
def _(ground: Ground) -> None:
    ground.set(taking, "links_after", lambda connection, chain: {})


@bug("lets in what a revoked device sends")
def _(ground: Ground) -> None:
    stand = judging.standing_of_person
    ground.set(judging, "standing_of_person", lambda *about, revoked=False: stand(*about, revoked=False))


@bug("grants nothing to who may see a thing late")
def _(ground: Ground) -> None:
    ground.set(Admission, "_resettle", lambda self, subject: None)


@bug("the cursor passes over what is committed late")
def _(ground: Ground) -> None:
    page = serve.Page
    ground.set(serve, "Page", lambda stream, until, items: page(stream, until + 1, items))


@bug("takes nothing back")
def _(ground: Ground) -> None:
    ground.set(serve._Reading, "_taken_back", lambda self, row, stream: None)


@bug("gives everybody every unit's stream")
def _(ground: Ground) -> None:
    pull = serve.pull
    from sync_server.routes import pull as route  # noqa: PLC0415  the name that is asked

    def generous(connection, standing, *about, **named):
        anywhere = {unit: frozenset({"can_bo"}) for unit in ("DON", "CAX")}
        return pull(connection, replace(standing, roles={**anywhere, **standing.roles}), *about, **named)

    ground.set(route, "pull", generous)


@bug("does not notice that it was restored")
def _(ground: Ground) -> None:
    ground.set(main, "notice_restore", lambda running: None)


@bug("leaves no mark outside its database")
def _(ground: Ground) -> None:
    ground.set(MarkFile, "leave", lambda self, mark: None)


@bug("takes no notice of a reader who is ahead of it")
def _(ground: Ground) -> None:
    def unmoved(running, *_asked):
        with running.database.read() as connection:
            return serve.read_epoch(connection)

    from sync_server.routes import pull as route  # noqa: PLC0415  the name that is asked

    ground.set(route, "begin_epoch_for", unmoved)


@bug("gives numbers of its own chain a second time after a restore")
def _(ground: Ground) -> None:
    begin = Acceptor.begin_epoch

    def from_old_head(self, epoch, reason, *, floor, skip=0):
        begin(self, epoch, reason, floor=Mark(floor.epoch, floor.serial, 0, ""), skip=0)

    ground.set(Acceptor, "begin_epoch", from_old_head)


@bug("tells nobody what it holds aside")
def _(ground: Ground) -> None:
    ground.set(receipts, "_held", lambda connection, brought: ())


@bug("a release lets nothing in")
def _(ground: Ground) -> None:
    ground.set(Admission, "release", lambda self, ref: None)


@bug("never judges again what waited for its subject")
def _(ground: Ground) -> None:
    ground.set(judging, "judge_again", lambda admission: None)


@bug("gives nobody back what counts late")
def _(ground: Ground) -> None:
    ground.set(Receiving, "_let_in", lambda self, writer, seq, taken: None)


@bug("signs for a photo that it did not store")
def _(ground: Ground) -> None:
    async def nothing(self, sha256, file):
        return None

    ground.set(PhotoStorage, "keep", nothing)


@bug("stores a photo without looking at its hash")
def _(ground: Ground) -> None:
    async def unseen(self, sha256, file):
        file.write_bytes(file.read_bytes()[:-1])
        await photo_storage.obstore.put_async(self._store, _key(sha256), file)

    ground.set(PhotoStorage, "keep", unseen)

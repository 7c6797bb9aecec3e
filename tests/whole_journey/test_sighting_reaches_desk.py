"""Follow one sighting: seen on the trail without a network, read at the desk, questioned, and the question read on the phone."""

import hashlib
import io

from PIL import Image

from app.record import EndForm, ObservationForm, PatrolForm, PhotoForm, Recorded
from app.store.queries import (
    ObservationDetail,
    observation_detail,
    order_detail,
    orders_for,
    patrol_detail,
    queue_for_review,
    waiting_to_send,
)
from app.sync.state import Phase
from journal.entries import OrderIssued, Value
from journal.track.fixes import Fix
from tests.fakes import HOUR_MS
from tests.whole_journey.bookkeeping import on_server, photos_on_server
from tests.whole_journey.device import Device
from tests.whole_journey.post import UNIT, Post

TRAIL = [(208_941_000 + step * 2_000, 1_038_566_000) for step in range(12)]
QUESTION = "From which side of the stream?"


def camera() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((640, 480), 60).save(out, "JPEG", quality=90)
    return out.getvalue()


async def walk_and_see(phone: Device, post: Post) -> tuple[str, str, PhotoForm]:
    """A patrol with a track, one sighting and its photo; the phone has no network all the while."""
    form = PatrolForm(type="thuong_xuyen", lead_unit=UNIT, number="TT-2026-0131")
    patrol = await phone.field.start_patrol(form)
    assert isinstance(patrol, Recorded)
    for latitude_e7, longitude_e7 in TRAIL:
        post.true.pass_by(30_000)
        await phone.track.keep(Fix(phone.watch.now_ms(), latitude_e7, longitude_e7, 8_000))
    raw = camera()
    photo = await phone.field.darkroom.take(raw)
    assert isinstance(photo, PhotoForm)
    seen = ObservationForm(
        "dau_vet",
        {"trace": "dau_chan"},
        direction="vao_noi_dia",
        position=Fix(phone.watch.now_ms(), *TRAIL[-1], 8_000).as_position(),
        description="Footprints of four to six people",
        patrol=patrol.ref,
        photos=(photo,),
    )
    sighting = await phone.field.record_observation(seen)
    assert isinstance(sighting, Recorded), sighting
    await phone.field.end_patrol(patrol.ref, EndForm(result="Traces of a crossing"))
    return patrol.ref, sighting.ref, photo


async def test_a_sighting_reaches_the_desk_and_the_question_reaches_the_phone(post: Post, phone: Device, desk: Device) -> None:
    phone.network.go_down()
    patrol, sighting, photo = await walk_and_see(phone, post)
    await nothing_leaves_without_a_network(post, phone)

    post.true.pass_by(3 * HOUR_MS)
    phone.network.mend()
    sent = await phone.sync()
    assert (sent.phase, sent.waiting_count, sent.waiting_photos) == (Phase.IDLE, 0, 0)
    assert sent.last_receipt_at is not None
    assert photo.sha256 in photos_on_server(post.database_file, post.settings.folder)

    version = await the_desk_reads(desk, patrol, sighting, photo)
    asked = await desk.desk.review(sighting, judged=version, verdict="yeu_cau_bo_sung", reason=QUESTION)
    assert isinstance(asked, Recorded)
    assert (await desk.sync()).phase is Phase.IDLE

    await phone.sync()
    on_phone = await detail(phone, sighting)
    assert (on_phone.line.status, on_phone.line.review_reason) == ("yeu_cau_bo_sung", QUESTION)
    assert on_phone.line.reviewer == desk.notebook.person
    assert on_phone.line.custody == "received"

    changes: dict[str, Value] = {"description": "Footprints, from the north bank"}
    answered = await phone.field.amend(sighting, saw=on_phone.line.version, changes=changes, reason="asked")
    assert isinstance(answered, Recorded)
    await phone.sync()
    await desk.sync()
    assert (await detail(desk, sighting)).line.description == "Footprints, from the north bank"
    assert [line.subject for line in await desk.notebook.ask(lambda session: queue_for_review(session, [UNIT]))] == [sighting]


async def detail(device: Device, sighting: str) -> ObservationDetail:
    found = await device.notebook.ask(lambda session: observation_detail(session, sighting))
    assert found is not None
    return found


async def nothing_leaves_without_a_network(post: Post, phone: Device) -> None:
    offline = await phone.sync()
    assert offline.phase is Phase.WAITING
    assert offline.next_try_at is not None
    waiting = await phone.notebook.ask(waiting_to_send)
    assert offline.waiting_count == waiting.entries > 0
    assert offline.waiting_photos == 3
    assert not [ref for ref in on_server(post.database_file) if ref[0] == phone.notebook.writer]


async def the_desk_reads(desk: Device, patrol: str, sighting: str, photo: PhotoForm) -> str:
    """The desk pulls and sees sighting, photo and track; gives the version that it saw."""
    await desk.sync()
    queue = await desk.notebook.ask(lambda session: queue_for_review(session, [UNIT], without_person=desk.notebook.person))
    assert [line.subject for line in queue] == [sighting]
    at_desk = await detail(desk, sighting)
    assert at_desk.line.description == "Footprints of four to six people"
    assert at_desk.line.patrol == patrol
    assert [one.sha256 for one in at_desk.photos] == [photo.sha256]
    preview = at_desk.photos[0].preview
    assert preview is not None
    assert hashlib.sha256(await desk.runner.photos.fetch(preview)).hexdigest() == preview
    walked = await desk.notebook.ask(lambda session: patrol_detail(session, patrol))
    assert walked is not None
    assert sum(piece.track.count for piece in walked.tracks) == len(TRAIL)
    return at_desk.line.version


async def test_an_order_of_the_desk_is_seen_by_the_phone_and_its_receipt_by_the_desk(
    post: Post, phone: Device, desk: Device
) -> None:
    order = await desk.desk.issue_order(OrderIssued(kind="tuan_tra", title="Look at marker 901", to_unit=UNIT))
    await desk.sync()
    await phone.sync()
    orders = await phone.notebook.ask(lambda session: orders_for(session, UNIT, phone.notebook.person))
    assert [one.subject for one in orders] == [order.ref]
    await phone.desk.acknowledge(order.ref, seen=order.ref)
    await phone.sync()
    await desk.sync()
    seen = await desk.notebook.ask(lambda session: order_detail(session, order.ref))
    assert seen is not None
    assert phone.notebook.writer in seen.line.acknowledged

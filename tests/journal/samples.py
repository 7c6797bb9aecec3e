"""One entry of each fact, as a station and its phones would write them; invented keys, places and people."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from journal.chain import SaltKeys
from journal.entries import (
    Acknowledged,
    AlarmClosed,
    AlarmRaised,
    Amended,
    CalledBack,
    CaseDisposed,
    CaseLinked,
    CaseMoved,
    CaseOpened,
    CaseUnlinked,
    DeviceReported,
    Entry,
    EpochBegan,
    Erased,
    Fact,
    Force,
    ForkFound,
    Gap,
    LegStarted,
    LineLimitsSet,
    LookoutEnded,
    LookoutOpened,
    LookoutTold,
    NoticeGiven,
    ObservationRecorded,
    OrderCancelled,
    OrderIssued,
    PatrolEnded,
    PatrolPaused,
    PatrolResumed,
    PatrolStarted,
    PersonRegistered,
    PhotoTaken,
    PlaceRegistered,
    Point,
    Position,
    Released,
    Remarked,
    RenditionMade,
    ReportSent,
    ReportSigned,
    Reviewed,
    RoleGiven,
    RoleTaken,
    SameAs,
    SameAsWithdrawn,
    SealedLookout,
    Shared,
    ShiftEnded,
    ShiftStarted,
    SosClosed,
    SosRaised,
    SourceSealed,
    Taken,
    TipGraded,
    TrackRecorded,
    UnitRegistered,
    Unshared,
    VoiceRecorded,
    Voided,
    WriterEnrolled,
    WriterRevoked,
)
from journal.names import name_writer
from journal.wire import to_text
from tests.journal.samples_later import later_fields

PHONE_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STATION_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32, 64)))
PHONE_PUBLIC = PHONE_KEY.public_key().public_bytes_raw()
STATION_PUBLIC = STATION_KEY.public_key().public_bytes_raw()
PHONE = name_writer(PHONE_PUBLIC)
STATION = name_writer(STATION_PUBLIC)
SALT_KEYS = SaltKeys(first_period=80, first_key=bytes(range(64, 96)))
AT_MS = 1_794_134_820_000
"""2026-11-08 10:07 UTC; month 82, so two steps of the salt key lie before it."""
EPOCH = "e1"

_PATROL, _SEEN, _PHOTO, _CASE, _ORDER, _LOOKOUT = (f"{PHONE}.{seq}" for seq in (1, 2, 3, 4, 5, 6))
_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_HERE = Position(latitude_e7=209_560_000, longitude_e7=1_038_930_000, accuracy_mm=6_500, fixed_ms=AT_MS - 4_000)

_BODIES: tuple[tuple[Fact, str | None], ...] = (
    (
        PatrolStarted(
            type="lien_nganh_nut_gt",
            number="TT-2026-0131",
            lead_unit="CAX_CHIENG_VAN",
            coordinating_units=("DON",),
            leader="person:P01",
            members=("person:P02", "person:P03"),
            composition=(Force(force="cax", people=3), Force(force="bp", people=2)),
            transport="xe_may",
            plan="KH-11/2026",
            places_planned=("place:M905", "place:N01"),
            started_ms=AT_MS,
            return_due_ms=AT_MS + 21_600_000,
        ),
        None,
    ),
    (PatrolPaused(paused_ms=AT_MS, reason="Nghỉ, tránh mưa"), _PATROL),
    (PatrolResumed(resumed_ms=AT_MS), _PATROL),
    (LegStarted(started_ms=AT_MS, transport="di_bo"), _PATROL),
    (
        PatrolEnded(
            ended_ms=AT_MS,
            distance_m=12_400,
            result="Đã kiểm tra mốc 905. Mốc 905 nguyên trạng. Bảo đảm an toàn về người, trang bị.",
            weather="suong_mu",
            handover_note="Pin bộ đàm còn một vạch",
        ),
        _PATROL,
    ),
    (
        TrackRecorded(
            packing="fixes-1",
            fixes="AAECAwQFBgcICQ",
            count=120,
            from_ms=AT_MS - 600_000,
            until_ms=AT_MS,
            distance_mm=812_345,
            gaps=(Gap(from_ms=AT_MS - 90_000, until_ms=AT_MS - 30_000, cause="no_fix"),),
        ),
        _PATROL,
    ),
    (
        ObservationRecorded(
            kind="van_chuyen",
            catalogue="2026.1",
            patrol=_PATROL,
            happened_ms=AT_MS,
            position=_HERE,
            place="place:N01",
            direction="vao_noi_dia",
            heading_deg=225,
            priority="khan",
            certainty="truc_tiep",
            values={
                "vehicle": "xe_cuu_thuong",
                "plate": "87B-012.34",
                "colour": "trang",
                "stopped": True,
                "patient_on_board": False,
                "passengers_min": 5,
                "passengers_max": 5,
                "minors": 1,
                "concealment": ("khong",),
            },
            description="Xe cứu thương màu trắng, 05 người ngồi sau",
            indicators=("I09", "I12"),
            flags=("tre_em",),
            share_with=("DON",),
            care_times={"xe_cuu_thuong.nguoi_benh": AT_MS},
        ),
        None,
    ),
    (
        PhotoTaken(
            of=_SEEN,
            sha256=_HASH,
            size_bytes=3_215_876,
            media_type="image/jpeg",
            width_px=4_000,
            height_px=3_000,
            taken_ms=AT_MS,
            position=_HERE,
            bearing_deg=310,
            caption="Biển số phía sau",
        ),
        None,
    ),
    (
        RenditionMade(
            role="shared",
            sha256=_HASH[::-1],
            size_bytes=84_213,
            media_type="image/jpeg",
            width_px=1_600,
            height_px=1_200,
            changes=("mask", "no_metadata"),
        ),
        _PHOTO,
    ),
    (
        VoiceRecorded(of=_SEEN, sha256=_HASH, size_bytes=40_112, media_type="audio/ogg", length_ms=12_000, taken_ms=AT_MS),
        None,
    ),
    (
        Amended(
            saw=_SEEN,
            changes={"priority": "cao", "values.minors": 2, "position.accuracy_mm": 3_000},
            cleared=("place_text",),
            reason="Đếm lại người trên xe",
        ),
        _SEEN,
    ),
    (Voided(reason="Ghi nhầm tổ"), _SEEN),
    (Remarked(text="Đã báo trạm y tế xã"), _SEEN),
    (SosRaised(patrol=_PATROL, kind="tai_nan", position=_HERE, people=2, raised_ms=AT_MS, note="Trượt chân ở suối"), None),
    (SosClosed(closed_ms=AT_MS, outcome="Đã đưa về trạm y tế"), _SEEN),
    (ShiftStarted(sector="Phiêng Sặt", started_ms=AT_MS, on_duty=("person:P04",)), None),
    (ShiftEnded(ended_ms=AT_MS, handed_to="person:P05", note="Không có việc dở dang"), _SEEN),
    (DeviceReported(what="clock_jumped", figures={"by_ms": -86_400_000}, text="app 0.1.0"), None),
    (Reviewed(judged=_SEEN, verdict="yeu_cau_bo_sung", reason="Bổ sung giờ cho đi"), _SEEN),
    (SameAs(other=f"{STATION}.7", reason="Cùng một xe"), _SEEN),
    (SameAsWithdrawn(other=f"{STATION}.7", reason="Khác biển số"), _SEEN),
    (Shared(with_units=("CAX_MUONG_THAO",), reason="Xe đi về hướng xã bạn"), _SEEN),
    (Unshared(with_units=("CAX_MUONG_THAO",), reason="Chia sẻ nhầm"), _SEEN),
    (Released(reason="Đã gặp người ghi, đúng việc"), _SEEN),
    (CaseOpened(code="VV-2026-0007", title="Xe cứu thương ở ngã ba Phiêng Sặt", kind="van_chuyen", restricted=True), None),
    (CaseLinked(item=_SEEN, role="phat_hien"), _CASE),
    (CaseUnlinked(item=_SEEN, reason="Không liên quan"), _CASE),
    (CaseMoved(state="da_ban_giao", reason="Theo phiếu bàn giao"), _CASE),
    (CaseDisposed(disposition="chuyen_y_te", done_ms=AT_MS, unit="DON", document="PBG-07", people=1, amount_dong=0), _CASE),
    (
        OrderIssued(
            kind="tang_cuong",
            title="Tăng cường nút giao thông",
            text="Trực tại ngã ba đến sáng",
            to_unit="CAX_CHIENG_VAN",
            to_persons=("person:P01",),
            patrol_type="chot",
            places=("place:N01",),
            starts_ms=AT_MS,
            ends_ms=AT_MS + 43_200_000,
            legal_ground="KH-11/2026",
            area=(_HERE,),
        ),
        None,
    ),
    (OrderCancelled(reason="Mưa lũ"), _ORDER),
    (Acknowledged(seen=_ORDER, note="Rõ"), _ORDER),
    (UnitRegistered(name="Công an xã Chiềng Vạn", short_name="CAX Chiềng Vạn", kind="cax", parent="TINH"), "unit:CAX_CHIENG_VAN"),
    (PersonRegistered(name="Tổ trưởng 1", home_unit="CAX_CHIENG_VAN", title="Cán bộ", force="cax"), "person:P01"),
    (RoleGiven(role="to_truong", in_unit="CAX_CHIENG_VAN", until_ms=AT_MS + 31_536_000_000), "person:P01"),
    (RoleTaken(role="to_truong", in_unit="CAX_CHIENG_VAN", reason="Chuyển công tác"), "person:P01"),
    (
        PlaceRegistered(
            kind="trail",
            name="Đường mòn Bến Đá",
            position=_HERE,
            line=(Point(latitude_e7=209_060_000, longitude_e7=1_038_895_000),),
            status="da_rao",
            marker_class="moc_phu",
            number="DM-02",
        ),
        "place:DM02",
    ),
    (
        WriterEnrolled(
            public_key=to_text(PHONE_PUBLIC),
            person="person:P01",
            device_name="Máy tổ 1",
            platform="android",
            confirmed_by="person:P09",
            first_period=80,
        ),
        f"writer:{PHONE}",
    ),
    (WriterRevoked(reason="Mất máy", frozen_at_seq=41), f"writer:{PHONE}"),
    (ForkFound(at_seq=17, held_link=_HASH, stands_link=_HASH[::-1]), f"writer:{PHONE}"),
    (AlarmRaised(kind="qua_gio", about=_PATROL, text="Quá giờ về 30 phút"), None),
    (AlarmClosed(outcome="Đã liên lạc được"), f"{STATION}.9"),
    (Erased(entries=(_SEEN,), photos=(_HASH,), ground="Hết thời hạn lưu", ordered_by="person:P09"), f"station:{STATION}"),
    (EpochBegan(epoch=EPOCH, reason="first", previous="e0"), f"station:{STATION}"),
    (SourceSealed(box="AAECAwQFBgcICQ"), _SEEN),
    (
        ReportSigned(
            kind="xnc",
            window="report_month",
            from_ms=AT_MS - 2_592_000_000,
            until_ms=AT_MS,
            to="UBND xã Chiềng Vạn",
            figures={"patrols": 6, "people_turns": 39},
            parts={"difficulties": "Một số điểm không có sóng."},
            paper_sha256="5" * 64,
            due_ms=AT_MS + 172_800_000,
        ),
        None,
    ),
    (
        ReportSent(to="UBND xã Chiềng Vạn", channel="van_thu", document="15/BC-ĐBP", sent_ms=AT_MS, note="Có ký nhận"),
        _ORDER,
    ),
    (
        NoticeGiven(
            role="ubnd_xa", whom="UBND xã Chiềng Vạn", told_ms=AT_MS, channel="dien_thoai", taken_by="Trực ban UBND", note="Đã rõ"
        ),
        _ORDER,
    ),
    (TipGraded(reliability="B", content_grade="2"), _SEEN),
    (CalledBack(called_ms=AT_MS, result="da_noi", note="Đã cảm ơn, dặn không đuổi theo"), _SEEN),
    (
        LookoutOpened(
            until_ms=AT_MS + 604_800_000,
            sealed=SealedLookout(salt="AAECAwQFBgcICQoLDA0ODw", box="EBESExQVFhcYGRob", memory_kib=32_768, passes=1),
            for_units=("DON",),
        ),
        None,
    ),
    (LookoutTold(plate="87B01234", reason="vu_viec", issuer="DON", case=_CASE), _LOOKOUT),
    (LookoutEnded(outcome="da_thay"), _LOOKOUT),
    (LineLimitsSet(days={"marker": 10, "trail": 5}), None),
)


def make_samples() -> dict[str, Entry]:
    """The entries by the name of their fact, in the order of seq."""
    return {body.fact: _entry(seq, body, subject) for seq, (body, subject) in enumerate(_BODIES, start=1)}


def make_later_samples() -> dict[str, Entry]:
    """Entries of known facts with fields that were added later, by the name of what they show."""
    return {name: _entry(101 + number, body, None) for number, (name, body) in enumerate(later_fields(AT_MS, _ORDER).items())}


def _entry(seq: int, body: Fact, subject: str | None) -> Entry:
    return Entry(
        writer=PHONE,
        seq=seq,
        unit="CAX_CHIENG_VAN",
        at=(AT_MS + seq * 1_000, seq % 3),
        taken=Taken(wall_ms=AT_MS + seq * 1_000, within_ms=50, mono_ms=7_200_000 + seq, boot="b7", source="gnss"),
        subject=subject or f"{PHONE}.{seq}",
        body=body,
    )

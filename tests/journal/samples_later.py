"""Facts with the fields that a later version added to them."""

from journal.entries import Fact, OrderIssued, Restriction, ShiftStarted


def later_fields(at_ms: int, order: str) -> dict[str, Fact]:
    """By the name of their golden file."""
    return {
        "order_restricting": OrderIssued(
            kind="han_che",
            title="Tạm dừng qua lại lối mở Chợ Cũ",
            to_unit="CAX_CHIENG_VAN",
            places=("place:LM03",),
            starts_ms=at_ms,
            ends_ms=at_ms + 21_600_000,
            with_units=("CAX_MUONG_THAO",),
            restriction=Restriction(
                scope="loi_mo",
                ground="dich_benh",
                measures="Không cho người, xe qua lại",
                extends=order,
                decided_by="Số 12/QĐ-BCH",
            ),
        ),
        "order_bilateral": OrderIssued(
            kind="tuan_tra",
            title="Tuần tra song phương mốc 905–907",
            to_unit="CAX_CHIENG_VAN",
            campaign="Cao điểm trước Tết",
            partner_unit="Đại đội biên phòng bạn",
            partner_host="ban",
        ),
        "shift_taken_over": ShiftStarted(
            sector="Chốt số 1",
            started_ms=at_ms,
            on_duty=("person:P04", "person:P05"),
            responsible="person:P04",
            post="place:C1",
            places=("place:M901", "place:M902"),
            until_ms=at_ms + 43_200_000,
            takes_over=order,
        ),
    }

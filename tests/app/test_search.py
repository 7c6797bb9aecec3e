"""What is typed on a wet phone without a Vietnamese keyboard still finds."""

import pytest

from app.store.arrived import Arrived
from app.store.search import search, search_key
from app.store.views import Views
from journal.entries import CaseOpened, PlaceRegistered, Remarked
from tests.entries_made import Pencil, a_patrol, an_observation
from tests.views_alone import ViewsAlone


@pytest.fixture
def records() -> tuple[Views, dict[str, str]]:
    views, pencil, station = ViewsAlone(), Pencil(), Pencil("station", "STATION")
    station.write(PlaceRegistered(kind="trail", name="Dốc Gió"), "place:DM-01")
    names = {
        "trail": pencil.write(an_observation("duong_mon", values={}, place_text="Đường mòn Bến Đá")).ref,
        "car": pencil.write(an_observation("van_chuyen", values={"plate": "87B-012.34"})).ref,
        "half": pencil.write(an_observation("van_chuyen", values={"plate": "29A-1?3.45"})).ref,
        "marker": pencil.write(an_observation("moc", values={"marker": "903/1"}, description="cây che khuất")).ref,
        "at_place": pencil.write(an_observation("dau_vet", values={}, place="place:DM-01")).ref,
        "patrol": pencil.write(a_patrol(plan="Tuần tra khép kín mốc 901–903")).ref,
        "case": pencil.write(CaseOpened(code="VV-2026-0007", title="Xe cứu thương")).ref,
    }
    pencil.write(Remarked(text="đã đối chiếu camera"), names["car"])
    entries = [*station.written, *pencil.written]
    views.apply([Arrived(entry, entry.at[0] + 1_000, "received", None, own=False) for entry in entries])
    return views, names


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("duong mon ben", {"trail"}),
        ("ĐƯỜNG MÒN Bến", {"trail"}),
        ("bến đ", {"trail"}),
        ("doi chieu cam", {"car"}),
        ("87B-012.34", {"car"}),
        ("87b01234", {"car"}),
        ("01234", {"car"}),
        ("87B-01?.34", {"car"}),
        ("87?*34", {"car"}),
        ("29A-123.45", {"half"}),
        ("903/1", {"marker"}),
        ("che khuat", {"marker"}),
        ("doc gio", {"at_place"}),
        ("DM-01", {"at_place"}),
        ("khep kin", {"patrol"}),
        ("VV-2026-0007", {"case"}),
        ("TT-2026-0131", {"patrol"}),
        ("không có gì như thế", set()),
        ("", set()),
        ('"*', set()),
        ("NEAR( OR - ^", set()),
    ],
)
def test_a_search_finds_just_what_was_meant(records: tuple[Views, dict[str, str]], typed: str, found: set[str]):
    views, names = records
    by_row = {search_key(ref): name for name, ref in names.items()}
    with views.session() as session:
        assert {by_row[row] for row in session.scalars(search(session, typed))} == found


def test_a_trail_is_also_found_by_the_word_for_its_kind(records: tuple[Views, dict[str, str]]):
    views, names = records
    with views.session() as session:
        assert search_key(names["trail"]) in set(session.scalars(search(session, "duong mon")))

"""What may leave: nothing that a scope does not name, nothing that could harm somebody, no place more exactly than allowed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.patrol.geodesic import distance_mm
from journal.catalogue import load_catalogue
from journal.folding import fold
from journal.open_formats.feature import Vertex
from journal.open_formats.leaving import COARSE_E7, Scope, let_leave, plain_kinds, sensitive_kinds
from journal.open_formats.shaping import shape
from tests.entries_made import Pencil, a_patrol, an_observation, an_undo, received
from tests.journal.open_formats.made import a_feature, longitudes

CATALOGUE = load_catalogue()
CANARY = "bác chủ quán dưới gốc đa"
PLAIN = Scope(units=frozenset({"DON"}), kinds=plain_kinds(CATALOGUE))
ALL = Scope(units=frozenset({"DON"}), kinds=frozenset(CATALOGUE.kinds), plates=True, texts=True)


def test_a_scope_that_names_no_kinds_holds_no_sensitive_one():
    assert {"tin_bao", "phat_hien_nguoi", "luu_tru", "lao_dong", "ban_giao", "ho_tro", "y_te_dich"} <= sensitive_kinds(CATALOGUE)
    assert not PLAIN.kinds & sensitive_kinds(CATALOGUE)
    assert all(let_leave(a_feature(kind=kind), PLAIN, CATALOGUE) is None for kind in sensitive_kinds(CATALOGUE))


def test_of_another_unit_nothing_leaves():
    assert let_leave(a_feature(unit="CAX"), PLAIN, CATALOGUE) is None


def test_free_words_plates_and_what_could_harm_stay_unless_asked_for():
    values = {"plate": "87B-012.34", "care_from": CANARY, "description": CANARY, "driver": 1, "without_documents": 2, "guides": 1}
    vehicle = a_feature(kind="van_chuyen", values=values)
    left = let_leave(vehicle, PLAIN, CATALOGUE)
    assert left is not None
    assert left.values == {"driver": 1}
    assert "87B" not in left.title
    asked = let_leave(vehicle, ALL, CATALOGUE)
    assert asked is not None
    assert set(asked.values) == {"plate", "care_from", "description", "driver"}


def test_free_words_of_sensitive_kinds_never_leave():
    for kind in sensitive_kinds(CATALOGUE):
        told = {field.code: CANARY for field in CATALOGUE.fields_of(kind) if field.type == "text"}
        left = let_leave(a_feature(kind=kind, values={**told, "description": CANARY, "fears_return": True}), ALL, CATALOGUE)
        assert left is not None
        assert CANARY not in left.model_dump_json()
        assert "fears_return" not in left.values


def test_a_value_that_no_version_here_describes_does_not_leave():
    left = let_leave(a_feature(values={"of_a_newer_version": 1}), ALL, CATALOGUE)
    assert left is not None
    assert left.values == {}


def test_posts_and_houses_stay_and_markers_leave():
    place = {"layer": "places", "kind": "place", "unit": ""}
    assert let_leave(a_feature(**place, facts={"place_kind": "chot"}), PLAIN, CATALOGUE) is None
    assert let_leave(a_feature(**place, facts={"place_kind": "co_so"}), PLAIN, CATALOGUE) is None
    assert let_leave(a_feature(**place, facts={"place_kind": "moc"}), PLAIN, CATALOGUE) is not None


@settings(max_examples=50, deadline=None)
@given(longitudes, st.integers(-800_000_000, 800_000_000))
def test_a_coarse_place_is_the_same_for_its_whole_square_and_within_a_kilometre(longitude_e7, latitude_e7):
    coarse = PLAIN.model_copy(update={"coarse": True})
    exact = Vertex(longitude_e7=longitude_e7, latitude_e7=latitude_e7, at_ms=5)
    corner = Vertex(longitude_e7=longitude_e7 // COARSE_E7 * COARSE_E7, latitude_e7=latitude_e7 // COARSE_E7 * COARSE_E7)
    left, other = (let_leave(a_feature(point=at, lines=((at, at),)), coarse, CATALOGUE) for at in (exact, corner))
    assert left is not None
    assert other is not None
    assert left.point == other.point or abs(longitude_e7) == 1_800_000_000
    assert left.lines == ()
    assert left.point is not None
    apart = distance_mm(latitude_e7, longitude_e7, left.point.latitude_e7, left.point.longitude_e7)
    assert apart < 800_000


def test_what_was_taken_back_or_is_counted_under_another_is_no_feature():
    pencil = Pencil()
    first = pencil.write(an_observation())
    assert shape(fold(received(first))) is not None
    assert shape(fold(received(first, pencil.write(an_undo(), first.ref)))) is None


def test_a_feature_names_neither_writers_nor_persons():
    pencil = Pencil()
    patrol = pencil.write(a_patrol())
    seen = pencil.write(an_observation(patrol=patrol.ref))
    for entry in (patrol, seen):
        told = shape(fold(received(entry)))
        assert told is not None
        assert pencil.writer not in told.model_dump_json()
        assert "person:" not in told.model_dump_json()

"""A station and its province under bad luck: some seeds hold every law, and the laws see planted bugs."""

import logging
from collections.abc import Callable

import pytest

from sync_server import giving, relayed
from sync_server.partners import Partner
from tests.faults.planting import Ground
from tests.faults.province_world import play

LAST_SEED = 30
OPEN = frozenset({"chi_huy"})


@pytest.fixture(autouse=True)
def quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_whatever_luck_does_between_a_station_and_its_province_every_law_holds(seed: int):
    fault, trace = play(seed)
    assert not fault, "\n".join([*trace, fault, f"python -m tests.faults.province_world --seed {seed}"])


def gives_tip_sources(ground: Ground) -> None:
    ground.set(giving, "NEVER_GIVEN", frozenset())


def gives_streams_that_are_not_open(ground: Ground) -> None:
    real = giving.standing_of_partner

    def all_open(connection, partner: Partner, now_ms: int):
        standing = real(connection, partner, now_ms)
        return type(standing)(standing.person, standing.writer, {**standing.roles, "DON": OPEN, "TINH": OPEN})

    ground.set(giving, "standing_of_partner", all_open)


def takes_a_letter_whose_forerunner_is_missing(ground: Ground) -> None:
    ground.set(relayed, "follows", lambda *_: True)


def forgets_what_is_taken_back(ground: Ground) -> None:
    ground.set(relayed._Taking, "take_back", lambda *_: None)


def keeps_nothing_that_comes_after_its_leaf(ground: Ground) -> None:
    ground.set(relayed.Admission, "fill", lambda *_: None)


def gives_back_what_it_was_given(ground: Ground) -> None:
    ground.set(giving, "writers_via", lambda _connection, partner: frozenset({partner.id}))


def notes_more_than_it_took(ground: Ground) -> None:
    real = relayed._Taking.take

    def take(self, parcel) -> None:
        real(self, parcel.model_copy(update={"given": parcel.given[:-1], "chains": () if parcel.given else parcel.chains}))

    ground.set(relayed._Taking, "take", take)


def holds_what_a_server_says_of_its_own_units(ground: Ground) -> None:
    ground.set(relayed._Taking, "_owner", lambda *_: None)
    ground.set(relayed, "roles_through", lambda *_: {})


BUGS = (
    gives_tip_sources, gives_streams_that_are_not_open, takes_a_letter_whose_forerunner_is_missing, forgets_what_is_taken_back,
    keeps_nothing_that_comes_after_its_leaf, gives_back_what_it_was_given,
    notes_more_than_it_took, holds_what_a_server_says_of_its_own_units,
)  # fmt: skip


@pytest.mark.long_faults
@pytest.mark.timeout(300)
@pytest.mark.parametrize("plant", BUGS, ids=lambda plant: plant.__name__)
def test_the_laws_see_a_server_that(plant: Callable[[Ground], None]):
    ground = Ground()
    plant(ground)
    try:
        assert any(_breaks(seed) for seed in range(LAST_SEED)), f"{plant.__name__} was not seen in {LAST_SEED} seeds"
    finally:
        ground.weed()


def _breaks(seed: int) -> bool:
    """A server that falls over is seen too."""
    try:
        return bool(play(seed)[0])
    except Exception:  # noqa: BLE001  whatever falls out of it
        return True

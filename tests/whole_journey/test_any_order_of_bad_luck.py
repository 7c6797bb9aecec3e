"""Any order of bad luck: two phones, a desk and a real server, and laws that hold after every step and at the end."""

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.fakes import HOUR_MS, Mishap
from tests.whole_journey.ground import Ground

PHONES = st.sampled_from(["phone1", "phone2"])
DEVICES = st.sampled_from(["phone1", "phone2", "desk"])
WHICH = st.integers(0, 5)
WORDS = st.sampled_from(["a cut branch", "a cigarette end", "two people", "fresh soil"])
PATHS = st.sampled_from(["/push", "/pull", "/token", "/photos", ""])
MISHAPS = st.sampled_from([Mishap.DROP, Mishap.LOSE_REPLY, Mishap.CUT_REQUEST, Mishap.CUT_REPLY, Mishap.PORTAL, Mishap.DELAY])
CLOCKS = st.sampled_from([-20 * 8_766 * HOUR_MS, -25 * HOUR_MS, 0, HOUR_MS, 25 * HOUR_MS, 10 * 8_766 * HOUR_MS])
VERDICTS = st.sampled_from(["da_tiep_nhan", "xac_nhan", "yeu_cau_bo_sung", "khong_co_co_so"])


class BadLuck(RuleBasedStateMachine):
    """Subclasses plant a bug by replacing :meth:`lay_out`."""

    def lay_out(self) -> Ground:
        return Ground()

    @initialize()
    def begin(self) -> None:
        self.ground = self.lay_out()
        self.broken = False

    @rule(name=PHONES, words=WORDS)
    def record(self, name, words):
        self.ground.record(name, words)

    @rule(name=PHONES, which=WHICH, words=WORDS)
    def amend(self, name, which, words):
        self.ground.amend(name, which, words)

    @rule(name=PHONES, which=WHICH)
    def undo(self, name, which):
        self.ground.undo(name, which)

    @rule(name=PHONES)
    def call_for_help(self, name):
        self.ground.call_for_help(name)

    @rule(name=DEVICES)
    def lock(self, name):
        self.ground.lock(name)

    @rule(name=PHONES, which=WHICH)
    def photograph(self, name, which):
        self.ground.photograph(name, which)

    @rule(name=DEVICES)
    def sync(self, name):
        self.ground.sync(name)

    @rule(name=DEVICES, mishap=MISHAPS, on=PATHS, after_bytes=st.sampled_from([0, 1, 90, 250, 700]))
    def sync_with_bad_luck(self, name, mishap, on, after_bytes):
        self.ground.sync_badly(name, mishap, on, after_bytes)

    @rule(name=PHONES, words=WORDS, mishap=MISHAPS, after_bytes=st.sampled_from([0, 90, 400]))
    def record_much_and_send_it_with_bad_luck(self, name, words, mishap, after_bytes):
        for number in range(3):
            self.ground.record(name, f"{words} {number}")
        self.ground.sync_badly(name, mishap, "/push", after_bytes)

    @rule(name=PHONES, on=st.sampled_from(["/push/", "/push", "/pull", "/photos"]))
    def die_before_the_answer(self, name, on):
        self.ground.kill_while_sending(name, on)

    @rule(name=DEVICES, unlock=st.booleans())
    def die_and_open_again(self, name, unlock):
        self.ground.kill(name, unlock=unlock)

    @rule(name=DEVICES)
    def enter_the_pin(self, name):
        self.ground.unlock(name)
        self.ground.check_saved(name)

    @rule(name=DEVICES, ahead_ms=CLOCKS)
    def set_the_clock(self, name, ahead_ms):
        self.ground.devices[name].watch.ahead_ms = ahead_ms

    @rule(ms=st.sampled_from([1_000, 60_000, 11 * 60_000, 26 * HOUR_MS]))
    def time_passes(self, ms):
        self.ground.post.true.pass_by(ms)

    @rule(which=WHICH, verdict=VERDICTS)
    def desk_reviews(self, which, verdict):
        self.ground.review(which, verdict)

    @rule()
    def server_restarts(self):
        self.ground.restart_server()

    @rule(name=PHONES)
    def free_space(self, name):
        self.ground.free_space(name)

    @invariant()
    def laws_hold(self):
        self.broken = True
        self.ground.check_laws()
        self.broken = False

    def teardown(self):
        if hasattr(self, "ground"):
            try:
                if not self.broken:
                    self.ground.come_to_rest()
            finally:
                self.ground.leave()


BadLuck.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
TestAnyOrderOfBadLuck = BadLuck.TestCase

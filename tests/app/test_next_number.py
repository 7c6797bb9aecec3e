"""The number that a phone proposes for the next patrol."""

from app.store.arrived import Arrived
from app.store.queries_phone import propose_number
from tests.entries_made import Pencil, a_patrol
from tests.views_alone import ViewsAlone


def test_two_teams_of_one_post_are_not_proposed_the_same_number():
    views = ViewsAlone()
    ours, theirs = Pencil("ours"), Pencil("theirs")
    bodies = [(ours, "TT-2026-0131"), (theirs, "TT-2026-0140"), (theirs, "TT-2025-0999"), (theirs, "by hand")]
    entries = [pencil.write(a_patrol(number=number)) for pencil, number in bodies]
    views.apply([Arrived(entry, None, "received", None, own=False) for entry in entries])
    with views.session() as session:
        assert propose_number(session, 2026) == "TT-2026-0141"
        assert propose_number(session, 2027) == "TT-2027-0001"
    views.close()

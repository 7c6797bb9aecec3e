"""The roles, and which facts, records and abilities each of them opens: plain tables, to be read from top to bottom."""

from collections.abc import Mapping
from typing import Literal, get_args

from journal.verdicts import EARLY, RETURNED

Role = Literal[
    "truong_thon",  # village head: passes on tips, gets notices
    "thanh_vien",  # member of a local force: patrols, observes, calls for help; never coerces
    "can_bo",  # officer of commune police or border guard
    "to_truong",  # leads patrols; an officer who leads has both roles
    "truc_ban",  # on duty at the station: receives, logs, dispatches
    "chi_huy",  # commander: judges, orders, opens cases
    "van_phong",  # office: compiles numbers
    "tinh",  # province: reads reports, receives cases
    "ky_thuat",  # technician: keeps devices running, sees no content
    "kiem_tra",  # inspection: sees everything, edits nothing
]
ROLES: tuple[Role, ...] = get_args(Role)

STATION_STREAM = "STATION"
"""The register of the station; every enrolled writer reads it."""

RECORDERS: frozenset[str] = frozenset({"thanh_vien", "can_bo", "to_truong", "truc_ban", "chi_huy"})
LEADERS = RECORDERS - {"thanh_vien"}
OFFICERS = LEADERS - {"to_truong"}
"""A team's leader may be a villager: the powers of an officer come with ``can_bo``, not with leading."""
DESK: frozenset[str] = frozenset({"truc_ban", "chi_huy"})
COMMAND: frozenset[str] = frozenset({"chi_huy"})
VILLAGE: frozenset[str] = frozenset({"truong_thon"})
TECHNICIAN: frozenset[str] = frozenset({"ky_thuat"})
INSPECTION: frozenset[str] = frozenset({"kiem_tra"})
NUMBERS_ONLY: frozenset[str] = frozenset({"van_phong", "tinh"})
ANYBODY: frozenset[str] = frozenset(ROLES)

STATION_FACTS: frozenset[str] = frozenset({
    "unit_registered", "person_registered", "role_given", "role_taken", "place_registered", "writer_enrolled", "writer_revoked",
    "fork_found", "alarm_raised", "erased", "epoch_began",
})  # fmt: skip
REGISTER_FACTS = STATION_FACTS - {"alarm_raised", "erased"}
"""Facts that go to the stream of the station and not to a unit's."""
PATROL_FACTS: frozenset[str] = frozenset({"patrol_paused", "patrol_resumed", "leg_started", "patrol_ended", "track_recorded"})
"""A track may also be about an observation: the line of a trail that was walked in."""
CASE_FACTS: frozenset[str] = frozenset({"case_opened", "case_linked", "case_unlinked", "case_moved", "case_disposed"})
ORDER_FACTS: frozenset[str] = frozenset({"order_issued", "order_cancelled"})
REPORT_FACTS: frozenset[str] = frozenset({"report_signed", "report_sent"})
ORDER_FIXED: frozenset[str] = frozenset({
    "kind", "to_unit", "with_units", "starts_ms", "ends_ms", "legal_ground", "area", "places", "restriction",
})  # fmt: skip
"""Fields of an order that no correction changes: who has acknowledged it agreed to these."""
TIP_FACTS: frozenset[str] = frozenset({"tip_graded", "called_back"})
DESK_ONLY_FACTS: frozenset[str] = frozenset({"lookout_told", "tip_graded", "line_limits_set"})
"""Facts that no phone gets: plates that are looked for in the clear, how far a teller is trusted, how often a place is seen."""

WRITERS_OF: Mapping[str, frozenset[str]] = {
    "patrol_started": LEADERS,
    **dict.fromkeys(PATROL_FACTS, LEADERS),
    "track_recorded": RECORDERS,
    "observation_recorded": RECORDERS | VILLAGE,
    "photo_taken": RECORDERS | VILLAGE,
    "rendition_made": RECORDERS | VILLAGE,
    "voice_recorded": RECORDERS | VILLAGE,
    "source_sealed": RECORDERS | VILLAGE,
    "amended": RECORDERS | VILLAGE,
    "voided": RECORDERS | VILLAGE,
    "remarked": RECORDERS,
    "sos_raised": ANYBODY,
    "sos_closed": ANYBODY,
    "shift_started": DESK,
    "shift_ended": DESK,
    "device_reported": ANYBODY,
    "reviewed": DESK,
    "same_as": DESK,
    "same_as_withdrawn": DESK,
    "shared": DESK,
    "unshared": DESK,
    "released": COMMAND,
    **dict.fromkeys(CASE_FACTS, COMMAND),
    **dict.fromkeys(ORDER_FACTS, COMMAND),
    "notice_given": DESK,
    "tip_graded": DESK,
    "called_back": DESK,
    "lookout_opened": COMMAND,
    "lookout_told": COMMAND,
    "lookout_ended": DESK,
    "acknowledged": ANYBODY - TECHNICIAN,
    "report_signed": COMMAND,
    "report_sent": DESK,
    "alarm_closed": DESK,
    "line_limits_set": COMMAND,
}
"""Roles that open a fact at all; the rules about its subject come on top. Facts of the station are not here."""

VILLAGE_KINDS: frozenset[str] = frozenset({"tin_bao"})
OFFICER_KINDS: frozenset[str] = frozenset({"ban_giao", "luu_tru", "lao_dong"})
OFFICER_OUTCOMES: Mapping[str, frozenset[str]] = {"outcome": frozenset({"da_ban_giao"})}
"""Answers of the catalogue, by field, that tell of something done to people."""
OFFICER_FIELDS: frozenset[str] = frozenset({
    "documents_checked_by", "without_documents", "restriction_order", "restricted_from_at", "restricted_until_at",
})  # fmt: skip
"""Fields of the catalogue that only somebody competent to check documents or to restrict movement fills in."""

OPEN_REVIEWS: frozenset[str | None] = frozenset({None, "moi", RETURNED, *EARLY})
"""Last verdicts under which a record is still its author's."""

Ability = Literal[
    "record", "start_patrol", "record_officer_kinds", "receive", "review", "merge", "share", "release", "order", "case", "shift",
    "close_alarm", "see_content", "see_restricted", "see_reports", "export", "inspect", "issue_join_codes", "confirm_devices",
    "revoke_devices", "manage_register", "open_source", "lookout",
]  # fmt: skip
ABILITIES: Mapping[Ability, frozenset[str]] = {
    "record": RECORDERS,
    "start_patrol": LEADERS,
    "record_officer_kinds": OFFICERS,
    "receive": DESK,
    "review": COMMAND,
    "merge": DESK,
    "share": DESK,
    "release": COMMAND,
    "order": COMMAND,
    "case": COMMAND,
    "lookout": COMMAND,
    "shift": DESK,
    "close_alarm": DESK,
    "see_content": RECORDERS | INSPECTION,
    "see_restricted": COMMAND | INSPECTION,
    "see_reports": DESK | NUMBERS_ONLY | INSPECTION,
    "export": DESK,
    "inspect": COMMAND | INSPECTION,
    "issue_join_codes": DESK | TECHNICIAN,
    "confirm_devices": DESK,
    "revoke_devices": DESK | TECHNICIAN,
    "manage_register": COMMAND,
    "open_source": COMMAND,
}
"""What screens and routes ask. A technician hands out join codes but confirms no device and gives no role, so that nobody can
make themselves somebody alone."""

"""Facts of the desk: reviews, joined duplicates, cases, tips, orders, sharing, releases."""

from typing import Literal

from journal.entries.envelope import About, Code, Count, Fact, Flag, Line, Part, Position, Ref, Sha256, Text, Unit


class Reviewed(Fact):
    """A commander's word on a record. Names the version that was judged; a later amendment reopens it."""

    fact: Literal["reviewed"] = "reviewed"
    judged: Ref
    verdict: Literal[
        "da_tiep_nhan",
        "dang_xac_minh",
        "xac_nhan",
        "khong_co_co_so",
        "sinh_hoat_binh_thuong",
        "khong_xac_minh_duoc",
        "yeu_cau_bo_sung",
        "da_duyet",
        "khoa_so",
    ]
    reason: Text | None = None


class SameAs(Fact):
    """The subject is the same thing as another record; both stay, one is counted. Reversible."""

    fact: Literal["same_as"] = "same_as"
    other: About
    reason: Text | None = None


class SameAsWithdrawn(Fact):
    fact: Literal["same_as_withdrawn"] = "same_as_withdrawn"
    other: About
    reason: Text


class Shared(Fact):
    """Another unit may see the subject from now on."""

    fact: Literal["shared"] = "shared"
    with_units: tuple[Unit, ...]
    reason: Text | None = None


class Unshared(Fact):
    fact: Literal["unshared"] = "unshared"
    with_units: tuple[Unit, ...]
    reason: Text


class Released(Fact):
    """A person lets a held entry in. The subject is the held entry's ref."""

    fact: Literal["released"] = "released"
    reason: Text


class CaseOpened(Fact):
    fact: Literal["case_opened"] = "case_opened"
    code: Line
    title: Line
    kind: Code | None = None
    restricted: Flag = False
    """A possible victim's case: seen only by cleared roles."""


class CaseLinked(Fact):
    """An observation, patrol or case belongs to the subject."""

    fact: Literal["case_linked"] = "case_linked"
    item: About
    role: Code | None = None


class CaseUnlinked(Fact):
    fact: Literal["case_unlinked"] = "case_unlinked"
    item: About
    reason: Text


class CaseMoved(Fact):
    """``mo``, ``dang_xac_minh``, ``da_ban_giao``, ``dang_theo_doi``, ``ket_thuc``, ``mo_lai``."""

    fact: Literal["case_moved"] = "case_moved"
    state: Code
    reason: Text | None = None


class CaseDisposed(Fact):
    """What was done, by whom, under which document."""

    fact: Literal["case_disposed"] = "case_disposed"
    disposition: Code
    done_ms: Count
    unit: Unit
    document: Line | None = None
    people: Count | None = None
    amount_dong: Count | None = None
    note: Text | None = None


class Restriction(Part):
    """What an order restricts for a time. How long it may last is said by its ``scope`` (``journal/restriction.py``)."""

    scope: Code
    """``vanh_dai``, ``cua_khau_phu`` or ``loi_mo``."""
    ground: Code
    measures: Text | None = None
    """What is restricted, and for whom."""
    extends: Ref | None = None
    """The earlier order about the same place."""
    decided_by: Line | None = None
    """The higher level by whose decision it goes on, and the number of that paper."""


class OrderIssued(Fact):
    """What a commander asks of a unit or a person, with its time. Only a new order changes what it asks, and until when."""

    fact: Literal["order_issued"] = "order_issued"
    kind: Code
    title: Line
    text: Text | None = None
    to_unit: Unit
    to_persons: tuple[About, ...] = ()
    patrol_type: Code | None = None
    places: tuple[About, ...] = ()
    starts_ms: Count | None = None
    ends_ms: Count | None = None
    legal_ground: Line | None = None
    area: tuple[Position, ...] = ()
    with_units: tuple[Unit, ...] | None = None
    """Units that go along; ``to_unit`` leads them. All of them read the order."""
    campaign: Line | None = None
    partner_unit: Line | None = None
    """The neighbour's force of a bilateral patrol."""
    partner_host: Literal["ta", "ban"] | Code | None = None
    """Whose turn it is to lead a bilateral patrol: ours or the partner's."""
    restriction: Restriction | None = None


class OrderCancelled(Fact):
    fact: Literal["order_cancelled"] = "order_cancelled"
    reason: Text


class NoticeGiven(Fact):
    """Somebody outside was told of the subject order: who, when, by which way, and who took the word."""

    fact: Literal["notice_given"] = "notice_given"
    role: Code
    """As the law lists them (``journal/restriction.py``), or ``khac``."""
    whom: Line
    told_ms: Count
    channel: Code
    taken_by: Line | None = None
    note: Line | None = None


class Acknowledged(Fact):
    """Seen and understood: an order, an urgent record, a notice, a question; of a call for help or an alarm, by the desk only:
    somebody has it."""

    fact: Literal["acknowledged"] = "acknowledged"
    seen: Ref
    note: Line | None = None


class TipGraded(Fact):
    """The desk's word on a tip: how far its source is trusted and its content proved. For desks and inspection alone."""

    fact: Literal["tip_graded"] = "tip_graded"
    reliability: Code
    content_grade: Code


class CalledBack(Fact):
    """Who told a tip was called back, as it was promised; a call that reached nobody leaves the promise open."""

    fact: Literal["called_back"] = "called_back"
    called_ms: Count
    result: Literal["da_noi", "khong_nghe_may"]
    note: Text | None = None


class ReportSigned(Fact):
    """A commander answers for the numbers of a window; they stay as they were signed, whatever is recorded later."""

    fact: Literal["report_signed"] = "report_signed"
    kind: Code
    window: Code
    """How its days were chosen: ``report_month``, ``calendar_month``, ``week``, …, ``free``."""
    from_ms: Count
    until_ms: Count
    """Exclusive: the cut-off."""
    to: Line
    figures: dict[Code, Count] = {}
    """Amounts by the code of the number; noughts are left out."""
    parts: dict[Code, Text] = {}
    """What a person wrote beside the numbers."""
    paper_sha256: Sha256
    """Of the PDF that was signed."""
    due_ms: Count | None = None
    """Exclusive: sent before it, the report is in time."""


class ReportSent(Fact):
    """The subject went out: to whom, how, under which number the office gave it."""

    fact: Literal["report_sent"] = "report_sent"
    to: Line
    channel: Code
    document: Line | None = None
    sent_ms: Count
    note: Text | None = None


class LineLimitsSet(Fact):
    """After how many days a stretch or place of each sort is overdue, at the desks of this unit and of ``for_units``; the latest
    holds. No phone gets it."""

    fact: Literal["line_limits_set"] = "line_limits_set"
    days: dict[Code, Count]
    for_units: tuple[Unit, ...] = ()

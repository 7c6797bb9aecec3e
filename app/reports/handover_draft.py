"""The draft of a handover: counts and conditions of the people handed over, never who they are; it is no official form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.reports.issuing import WORDS, Issuer, letterhead
from app.reports.paper import BLANK, Block, Facts, Paper, Paragraph, Signatures, Title
from app.reports.register_names import RegisterNames, moment_of, place_of
from app.reports.seen_in_words import span_of
from app.reports.windows import day_of
from app.store.queries import ObservationLine
from app.texts.formats import format_count

KIND: Final = "ban_giao"
COUNTED: Final = ("minors", "guides", "organisers", "items")
TYPED: Final = ("items_list", "health")
TICKED: Final = ("fed", "interpreter", "minors_apart", "hotline_111", "receipt_photo")


def write_handover(line: ObservationLine, issuer: Issuer, names: RegisterNames) -> Paper:
    """The sheet to sign for a record of a handover."""
    document = str(line.values.get("document") or "")
    blocks: list[Block] = [
        letterhead(issuer, "", day_of(line.happened_ms).year),
        Title(WORDS.say("paper.handover.name"), WORDS.say("paper.handover.draft")),
        Facts(tuple(_facts(line, issuer, names, document))),
        Paragraph(WORDS.say("paper.handover.care"), "note"),
        Paragraph(WORDS.say("paper.handover.no_names"), "note"),
        _signing(line),
    ]
    name = WORDS.say("paper.handover.file", day=f"{day_of(line.happened_ms):%Y%m%d}")
    return Paper(name, WORDS.say("paper.handover.name"), tuple(blocks))


def _facts(line: ObservationLine, issuer: Issuer, names: RegisterNames, document: str) -> Iterator[tuple[str, str]]:
    say, values = WORDS.say, line.values
    received = values.get("side") == "nhan"
    yield say("paper.handover.at"), moment_of(line.happened_ms)
    yield say("paper.handover.place"), place_of(line, names) or BLANK
    yield say("paper.handover.from"), str(names.value(values.get("from") or "")) if received else issuer.name
    yield say("paper.handover.to"), str(names.value(values.get("to") or "")) or BLANK
    people = span_of(values, "people", WORDS)
    yield say("paper.handover.people"), say("paper.people", count=people) if people else BLANK
    for code in COUNTED:
        count = values.get(code)
        if isinstance(count, int) and count:
            yield say(f"paper.handover.{code}"), format_count(count, "vi")
    for code in TYPED:
        text = values.get(code)
        if isinstance(text, str) and text:
            yield say(f"paper.handover.{code}"), text
    for code in TICKED:
        answer = values.get(code)
        if isinstance(answer, bool):
            yield say(f"paper.handover.{code}"), say("report.yes" if answer else "report.no")
    yield say("paper.handover.document"), document or BLANK


def _signing(line: ObservationLine) -> Signatures:
    say, hint = WORDS.say, WORDS.say("paper.sign_hint")
    places = [(say("paper.handover.giver"), hint), (say("paper.handover.taker"), hint)]
    minors = line.values.get("minors")
    if isinstance(minors, int) and minors:
        places.append((say("paper.handover.guardian"), say("paper.handover.guardian_hint")))
    return Signatures(tuple(places))

"""The renderer of a plate: its reading stands under it, a doubt is said, and nothing keeps anybody from saving."""

from __future__ import annotations

import flet as ft

from app.screens.parts.fields import text_field
from app.screens.parts.words import small
from app.screens.phone.fields.asked import Asked, question
from app.screens.phone.fields.wanted import WantedNotice
from journal.catalogue import normalise_plate

VEHICLE_OF = {"plate": "vehicle", "from_plate": "from_vehicle", "to_plate": "to_vehicle"}
"""Which answer says what drives under a plate: a car and a motorbike may bear the same signs."""


@ft.component
def PlateField(asked: Asked, key: ft.KeyValue | None = None) -> ft.Control:
    """Draw a plate as typed, with its reading."""
    look = asked.look
    value = asked.value
    shown, set_shown = ft.use_state(value if isinstance(value, str) else "")

    def type_in(text: str) -> None:
        asked.put_quietly(text)
        set_shown(text)

    answers: list[ft.Control] = [
        text_field(
            look,
            asked.full_label,
            type_in,
            ident=asked.ident,
            initial=value if isinstance(value, str) else "",
            capitalization=ft.TextCapitalization.CHARACTERS,
        )
    ]
    if shown.strip():
        answers += _reading(asked, shown)
        answers.append(WantedNotice(asked, with_region(asked, shown)))
    return question(asked, answers, labelled=False)


def _reading(asked: Asked, typed: str) -> list[ft.Control]:
    look = asked.look
    reading = normalise_plate(
        with_region(asked, typed),
        answer_to(asked, "plate_country"),
        answer_to(asked, "plate_background"),
        answer_to(asked, VEHICLE_OF.get(asked.code, "vehicle")),
    )
    said = look.say("phone.record.plate_read", plate=reading.normalised)
    form = f"phone.plate_form.{reading.form.value}"
    line = f"{said} · {look.say(form)}" if look.texts.has(form) else said
    told: list[ft.Control] = [
        ft.Semantics(identifier=f"{asked.ident}-reading", live_region=True, content=small(look, line, strong=True))
    ]
    if reading.warning is not None:
        warning = look.say(f"phone.plate_warning.{reading.warning.value}")
        told.append(small(look, warning, colour=look.palette.high.mark))
    return told


def with_region(asked: Asked, typed: str) -> str:
    """The plate with the province sign that was picked from the list; a Vietnamese keyboard cannot type it."""
    chosen = answer_to(asked, "plate_region_cn")
    if chosen is None or answer_to(asked, "plate_country") != "CN" or asked.code != "plate":
        return typed
    sign = asked.session.handset.catalogue.label(f"lists.plate_region_cn.{chosen}", "vi")[:1]
    return typed if typed.strip().startswith(sign) else f"{sign}{typed.strip()}"


def answer_to(asked: Asked, code: str) -> str | None:
    value = asked.draft.content.values.get(code)
    return value if isinstance(value, str) else None

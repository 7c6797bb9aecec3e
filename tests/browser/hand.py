"""Fills the phone's forms as a person does, and counts what that takes: each tap is one interaction, each field typed another."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from playwright.async_api import Locator
from playwright.async_api import TimeoutError as NotThere

from app.record import ObservationForm
from app.record.field import gather_values
from app.screens.phone.fields.answers import HEADINGS
from app.state.draft import DraftContent, shown_fields
from journal.catalogue import Catalogue, KindField
from journal.entries import Value
from tests.browser.driver import FletPage

TOP: Final = 130
"""The strip and the name of the screen cover what lies above this."""
BOTTOM: Final = 120
"""What is fixed under the page covers as much."""
SCROLL: Final = 320
MOST_SCROLLS: Final = 40
SETTLED_MS: Final = 120
TRIES: Final = 3
OPENS_WITHIN_MS: Final = 8_000


class Hand:
    """One hand on one page."""

    def __init__(self, page: FletPage, catalogue: Catalogue) -> None:
        self.page = page
        self._catalogue = catalogue
        self.interactions = 0

    # --- finding ------------------------------------------------------------------------------------------------------

    async def _scroll(self, by: int) -> None:
        size = self.page.page.viewport_size or {"width": 360, "height": 800}
        await self.page.page.mouse.move(size["width"] / 2, size["height"] / 2)
        await self.page.page.mouse.wheel(0, by)
        await self.page.page.wait_for_timeout(SETTLED_MS)

    async def is_there(self, ident: str) -> bool:
        return await self.page.by_id(ident).count() > 0

    async def reach(self, ident: str, *, fixed: bool = False) -> Locator:
        """Scrolls until this part lies where a thumb can touch it: down from here, then once from the top."""
        found = self.page.by_id(ident).last
        if fixed:
            return found
        size = self.page.page.viewport_size or {"width": 360, "height": 800}
        before_y = None
        for turn in range(MOST_SCROLLS):
            box = await found.bounding_box() if await found.count() else None
            if box is not None:
                middle = box["y"] + box["height"] / 2
                if box["y"] == before_y:
                    return found  # the page does not scroll further
                before_y = box["y"]
                if middle < TOP:
                    await self._scroll(round(middle - TOP - 40))
                elif middle > size["height"] - BOTTOM:
                    await self._scroll(round(min(box["y"] - size["height"] / 2, 1_500)))
                else:
                    return found
            elif turn == MOST_SCROLLS // 2:
                await self._scroll(-20_000)
            else:
                await self._scroll(SCROLL)
        shown = await self.page.screenshot(f"unreached-{ident}")
        raise AssertionError(f"{ident} cannot be reached; {shown} shows why")

    # --- touching -----------------------------------------------------------------------------------------------------

    async def tap(self, ident: str, *, fixed: bool = False) -> None:
        """One tap; ``fixed`` for what stands under the thumb and does not scroll."""
        part = await self.reach(ident, fixed=fixed)
        await part.click()
        self.interactions += 1

    async def hold(self, ident: str, screen: str) -> None:
        """Holds until another screen comes, as a person does who looks at it."""
        x, y = await self.page.bring_into_sight(ident)
        await self.page.page.mouse.move(x, y)
        await self.page.page.mouse.down()
        try:
            await self.page.by_id(screen).last.wait_for(state="attached")
        finally:
            await self.page.page.mouse.up()
        self.interactions += 1

    async def open(self, ident: str, screen: str) -> None:
        """Taps what leads to another screen; once more when the page moved under the finger."""
        for _ in range(TRIES):
            await self.tap(ident, fixed=True)
            with suppress(NotThere):
                await self.page.by_id(screen).last.wait_for(state="attached", timeout=OPENS_WITHIN_MS)
                return
        raise AssertionError(f"{ident} does not open {screen}")

    async def write(self, ident: str, text: str) -> None:
        """Types into the field with this identifier."""
        part = await self.reach(ident)
        field = part.locator("input, textarea").last
        for _ in range(5):
            await field.click()
            await field.fill(text)
            await self.page.page.wait_for_timeout(150)
            if await field.input_value() == text:
                self.interactions += 1
                return
        raise AssertionError(f"{ident} does not take {text!r}")

    # --- forms --------------------------------------------------------------------------------------------------------

    async def fill(self, form: ObservationForm) -> None:
        """Answers every question that is asked and for which the form has a value; what lies folded is unfolded last."""
        given = gather_values(form)
        answered: dict[str, Value] = {}
        unfolded = False
        while True:
            one = await self._next_question(form.kind, given, answered, unfolded=unfolded)
            if one is not None:
                answer = {key: given[key] for key in one.keys if key in given}
                await self._answer(one, answer)
                answered |= answer
            elif unfolded:
                break
            else:
                unfolded = await self._unfold(form, answered)
                if not unfolded:
                    break
        if form.description:
            await self.write("field-description", form.description)

    async def _next_question(
        self, kind: str, given: Mapping[str, Value], answered: dict[str, Value], *, unfolded: bool
    ) -> KindField | None:
        """The first question on the page that has no answer yet."""
        for one in shown_fields(self._catalogue, DraftContent(kind, values=answered)):
            left = any(key in given and key not in answered for key in one.keys)
            if left and (unfolded or await self.is_there(f"ask-{one.code}")):
                return one
        return None

    async def _unfold(self, form: ObservationForm, answered: dict[str, Value]) -> bool:
        """Opens the rest of the form, if there is anything to say in it."""
        asked = shown_fields(self._catalogue, DraftContent(form.kind, values=answered))
        left = set(gather_values(form)) - set(answered)
        if not form.description and not any(left & set(one.keys) for one in asked):
            return False
        await self.tap("more-fields")
        await self.page.by_id("field-description").last.wait_for(state="attached")
        return True

    async def _answer(self, one: KindField, answer: Mapping[str, Value]) -> None:
        ident = f"field-{one.code}"
        match one.type:
            case "count_range":
                await self._count_to(f"{ident}-max", answer.get(f"{one.code}_max", answer.get(one.code)), start=0)
                await self._count_to(f"{ident}-min", answer.get(f"{one.code}_min", answer.get(one.code)), start=1)
            case "int":
                await self._count(one, ident, answer[one.code])
            case "bool":
                await self.tap(f"{ident}-{'yes' if answer[one.code] else 'no'}")
            case "choice" | "multi_choice" | "direction":
                await self._choose(ident, answer[one.code])
            case "heading":
                await self.tap(f"{ident}-{next(name for name, degrees in HEADINGS.items() if degrees == answer[one.code])}")
            case "time":
                await self.tap(ident)
            case "text" | "plate" | "place" | "ref":
                await self.write(ident, _as_typed(answer[one.code]))

    async def _count(self, one: KindField, ident: str, wanted: object) -> None:
        if one.steps:
            await self.tap(f"{ident}-{wanted}")
        elif await self.is_there(f"{ident}-more"):
            await self._count_to(ident, wanted, start=one.default if isinstance(one.default, int) else 0)
        else:
            await self.write(ident, str(wanted))

    async def _count_to(self, ident: str, wanted: object, *, start: int) -> None:
        assert isinstance(wanted, int)
        if wanted == 0:
            await self.tap(f"{ident}-fewer")
        for _ in range(wanted - start):
            await self.tap(f"{ident}-more")

    async def _choose(self, ident: str, answer: object) -> None:
        for code in answer if isinstance(answer, tuple) else (answer,):
            chip = f"{ident}-{code}"
            if not await self.is_there(chip) and await self.is_there(f"{ident}-more"):
                await self.tap(f"{ident}-more")
                await self.page.by_id(chip).last.wait_for(state="attached")
            await self.tap(chip)


def _as_typed(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)

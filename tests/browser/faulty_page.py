"""A page with one fault planted, named by its address; without a name it has none."""

from urllib.parse import parse_qs, urlparse

import flet as ft


def _button(words: str, **place: float) -> ft.Control:
    return ft.Button(words, on_click=lambda _: None, **place)


def _whole() -> list[ft.Control]:
    return [ft.Column([_button("Lưu", width=200, height=72), _button("Hủy", width=200, height=72)], spacing=12)]


def _beyond_the_edge() -> list[ft.Control]:
    return [ft.Row([ft.Container(ft.Text("Chữ dài " * 20, no_wrap=True), width=700)], scroll=None)]


def _one_over_another() -> list[ft.Control]:
    first, second = _button("Lưu", width=200, height=72, top=0, left=0), _button("Hủy", width=200, height=72, top=40, left=0)
    return [ft.Stack([first, second], height=200)]


def _too_small() -> list[ft.Control]:
    return [_button("Nhỏ", width=90, height=30)]


def _without_a_name() -> list[ft.Control]:
    return [ft.IconButton(icon=ft.Icons.CLOSE, width=56, height=56, on_click=lambda _: None)]


def _out_of_its_box() -> list[ft.Control]:
    return [ft.Row([ft.Container(ft.Text("Lời bị cắt"), width=200, height=10)])]


def _a_letter_a_line() -> list[ft.Control]:
    return [ft.Row([ft.Container(ft.Text("Kế hoạch", size=28), width=24)])]


def _below_the_screen() -> list[ft.Control]:
    return [ft.Container(height=1_340), _button("Cuối", width=200, height=72)]


FAULTS = {
    "": _whole,
    "reaches-out": _beyond_the_edge,
    "overlap": _one_over_another,
    "small-target": _too_small,
    "has-no-name": _without_a_name,
    "leaves-its-box": _out_of_its_box,
    "letters-under-each-other": _a_letter_a_line,
    "below-the-screen": _below_the_screen,
}


def main(page: ft.Page) -> None:
    """Draw the page that the address asks for."""
    asked = parse_qs(urlparse(page.url or "").query) or parse_qs(urlparse(page.route or "").query)
    page.padding = 16
    page.add(*FAULTS[asked.get("fault", [""])[0]]())

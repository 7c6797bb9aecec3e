"""A control that answers after it has left the page neither ends the page nor loses what it answered."""

import asyncio

import flet as ft

from app.screens.late_answers import let_answers_come_late
from tests.flet_session import FletSession

GONE = 987_654


async def test_an_answer_of_a_control_that_left_the_page_still_reaches_who_waits():
    let_answers_come_late()
    app = await FletSession.show(lambda: ft.Text("x"))
    asked: asyncio.Queue[str] = asyncio.Queue()
    app.connection.send_message = lambda message: asked.put_nowait(message.body.call_id)
    waiting = asyncio.create_task(app.session.invoke_method(GONE, "take_picture", None, timeout=5))
    app.session.handle_invoke_method_results(GONE, await asked.get(), b"picture", None)
    assert await waiting == b"picture"
    app.session.handle_invoke_method_results(GONE, "nobody-waits", None, None)
    await app.stop()

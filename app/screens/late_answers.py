"""Lets a page live on when a camera or a sensor answers after its control has left the page.

Flet 1.0.5 raises in ``Session.handle_invoke_method_results`` when the control that was asked is gone, and that ends the loop that
reads from the page: every later tap is lost until the app starts anew. Leaving a screen while its camera opens is enough.
"""

from __future__ import annotations

import logging
from functools import wraps
from typing import Any

from flet.messaging.session import Session

log = logging.getLogger(__name__)


def let_answers_come_late() -> None:
    """From now on an answer reaches who waits for it, also when its control is gone; nobody waits: it is dropped."""
    strict = Session.handle_invoke_method_results
    if hasattr(strict, "__wrapped__"):
        return

    @wraps(strict)
    def forgiving(session: Any, control_id: int, call_id: str, result: object, error: str | None) -> None:
        try:
            strict(session, control_id, call_id, result, error)
        except RuntimeError:
            log.info("control %s answered after it had left the page", control_id)
            waits = session._Session__method_calls.pop(call_id, None)  # Flet's own record, under its private name
            if waits is not None:
                session._Session__method_call_results[waits] = (result, error)
                waits.set()

    Session.handle_invoke_method_results = forgiving  # type: ignore[method-assign, assignment]  # mended in place

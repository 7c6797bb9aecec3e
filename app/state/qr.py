"""A text as a QR code."""

import io

import segno

QR_SCALE = 8


def draw_code(text: str) -> bytes:
    """PNG; level M still reads when a corner of the screen reflects."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="png", scale=QR_SCALE, border=3)
    return out.getvalue()

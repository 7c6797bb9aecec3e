"""How long a line to the station may be silent, and how little the system may hold back of what is sent on it."""

import socket

CONNECT_TIMEOUT_S = 10.0
SILENCE_TIMEOUT_S = 45.0
"""Longest wait without a single byte. There is no limit on a whole request: a slow link that moves is a good link."""
UNSENT_BYTES = 8_192
"""What the system may hold back of a body beside what is on its way. More would go ahead of an urgent entry, count as sent, and
travel again after a break."""


def socket_options() -> list[tuple[int, int, int]]:
    """As far as this system has them: little is held back unsent, and a dead line is known by what nobody acknowledges."""
    wanted = {"TCP_NOTSENT_LOWAT": UNSENT_BYTES, "TCP_USER_TIMEOUT": round(SILENCE_TIMEOUT_S * 1000)}
    return [(socket.IPPROTO_TCP, getattr(socket, name), value) for name, value in wanted.items() if hasattr(socket, name)]

"""How quick the machine is at the moment: shared ones are at half their speed from one minute to the next."""

import time

ROUNDS, KEYS = 100_000, 1_000


def measure_pace_ms() -> float:
    """CPU milliseconds that a fixed piece of Python takes now; told beside figures of CPU, so that runs can be compared."""
    began, held = time.thread_time(), dict[int, tuple[int, str]]()
    for number in range(ROUNDS):
        held[number % KEYS] = number, str(number)
    return (time.thread_time() - began) * 1_000

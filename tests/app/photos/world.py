"""A new notebook in a folder, as the tests of photos need it: opened, with a cheap PIN and a clock of its own."""

from pathlib import Path

from app.store.notebook import Notebook
from tests.app.store.fakes import CHEAP, PIN, SECRET, Clocks, Station, make_identity


async def new_notebook(folder: Path, clocks: Clocks) -> Notebook:
    who = make_identity(Station())
    return await Notebook.create(
        folder, pin=PIN, device_secret=SECRET, station=who.station, enrolment=who.enrolment,
        signing_key=who.signing_key, salt_keys=who.salt_keys, read_clocks=clocks, cost=CHEAP,
    )  # fmt: skip

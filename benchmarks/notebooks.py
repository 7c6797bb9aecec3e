"""A notebook on real files for measuring, with keys and a station card of its own."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.device.clocks import make_clocks
from app.store.notebook import Notebook
from app.store.views import Views
from benchmarks.w1_catalogue import load_w1_catalogue
from journal.chain import SaltKeys
from journal.names import name_writer
from journal.wire import EnrolReply, StationCard, to_text

PIN = "482615"


@dataclass(frozen=True)
class Place:
    """A folder with a notebook in it, and the secret that opens it together with :data:`PIN`."""

    folder: Path
    secret: bytes

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Notebook]:
        """The notebook, locked; closed at the end."""
        notebook = await Notebook.open(
            self.folder, device_secret=self.secret, read_clocks=make_clocks(), make_views=lambda: Views(load_w1_catalogue())
        )
        try:
            yield notebook
        finally:
            await notebook.close()


async def make_notebook(folder: Path) -> tuple[Place, Notebook]:
    """A new notebook, unlocked, at the Argon2id cost that phones pay."""
    station_key, writer_key = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    sealing = to_text(X25519PrivateKey.generate().public_key().public_bytes_raw())
    station_public = station_key.public_key().public_bytes_raw()
    card = StationCard(
        station=name_writer(station_public),
        name="W1",
        signing_key=to_text(station_public),
        sealing_key=sealing,
        recovery_key=sealing,
        epoch="w1",
    )
    enrolment = EnrolReply(
        state="confirmed",
        writer=name_writer(writer_key.public_key().public_bytes_raw()),
        person="person:W1",
        person_name="W1",
        unit="DON",
        unit_name="DON",
        check_number="000000",
    )
    place = Place(folder, secrets.token_bytes(32))
    notebook = await Notebook.create(
        folder,
        pin=PIN,
        device_secret=place.secret,
        station=card,
        enrolment=enrolment,
        signing_key=writer_key,
        salt_keys=SaltKeys(80, secrets.token_bytes(32)),
        read_clocks=make_clocks(),
        make_views=lambda: Views(load_w1_catalogue()),
    )
    return place, notebook

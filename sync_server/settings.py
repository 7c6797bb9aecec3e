"""What differs from station to station; kept as ``station.json`` in the station's folder."""

import json
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from journal.bundle import MAX_BUNDLE_BYTES

SETTINGS_FILE = "station.json"
KEYS_FOLDER = "station"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def is_address(text: str) -> bool:
    """Whether devices can be sent there: scheme, host and perhaps a port, and nothing else."""
    try:
        split = urlsplit(text)
        has_port = split.port is None or split.port > 0
    except ValueError:
        return False
    is_bare = text == f"{split.scheme}://{split.netloc}" and split.username is None
    return split.scheme in {"http", "https"} and bool(split.hostname) and has_port and is_bare and " " not in text


class Limits(BaseModel):
    """Bounds on what one request may cost the station."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    push_bytes: Annotated[int, Field(gt=0)] = 16_777_216
    message_bytes: Annotated[int, Field(gt=0)] = 2_097_152
    pull_items: Annotated[int, Field(gt=0)] = 1_000
    pull_bytes: Annotated[int, Field(gt=0)] = 1_048_576
    slow_body_s: Annotated[float, Field(gt=0)] = 45.0
    """The longest silence in a body before the request is given up: a mobile link may pause for as long and go on."""
    pushes_at_once: Annotated[int, Field(gt=0)] = 64
    bundle_bytes: Annotated[int, Field(gt=0)] = MAX_BUNDLE_BYTES
    parcel_bytes: Annotated[int, Field(gt=0)] = 16_777_216
    """Of a parcel over the network, either way; it is read before anybody knows who sent it."""
    bundles_at_once: Annotated[int, Field(gt=0)] = 4
    uploads_each: Annotated[int, Field(gt=0)] = 32
    """Unfinished uploads that one writer may have."""
    upload_days: Annotated[int, Field(gt=0)] = 7
    heartbeat_s: Annotated[float, Field(gt=0)] = 15.0


class Patience(BaseModel):
    """How long the station waits before it raises an alarm by itself, in minutes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    return_grace_min: Annotated[int, Field(ge=0)] = 15
    """After the hour of return that was agreed with a team."""
    answer_within_min: Annotated[int, Field(ge=0)] = 15
    """For an urgent record or a call for help, since the station has it."""
    assistance_within_min: Annotated[int, Field(ge=0)] = 120
    """From the event until somebody took over the people in need."""
    restriction_warning_min: Annotated[int, Field(ge=0)] = 45
    """Before a restriction ends by law: whoever wants it to go on needs a new order and a higher decision by then."""
    tell_within_min: Annotated[int, Field(ge=0)] = 30
    """From the start of a restriction until everybody whom the law lists has been told."""
    look_every_s: Annotated[float, Field(gt=0)] = 15.0


class Settings(BaseModel):
    """Where the station lives and how it is reached. Only ``folder`` has no default worth having."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path
    name: str = "Station"
    address: str = "http://127.0.0.1:8300"
    """Address that devices use, with scheme and port. HTTPS unless it is loopback."""
    database_url: str = ""
    """``postgresql+psycopg://…``; empty for the SQLite file in the folder."""
    photos: str = ""
    """``s3://bucket/prefix``; empty for the folder's ``photos``. A bucket's keys come from the environment (``AWS_…``)."""
    announce: bool = False
    """Whether devices may find the station in its local networks by themselves (DNS-SD); never on loopback."""
    announce_on: tuple[str, ...] = ()
    """Own addresses in whose networks it is announced; all of them when empty."""
    webhook_hosts: tuple[str, ...] = ()
    """Hosts of webhooks that may lie in networks of its own, and may be spoken to without TLS."""
    limits: Limits = Limits()
    patience: Patience = Patience()
    relay_every_s: Annotated[float, Field(gt=0)] = 30.0
    """How often a station calls the province when it has no news of its own."""

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.folder / 'journal.sqlite'}"

    @property
    def photo_place(self) -> str:
        return self.photos or (self.folder.absolute() / "photos").as_uri()

    @property
    def keys_folder(self) -> Path:
        return self.folder / KEYS_FOLDER

    @property
    def uploads_folder(self) -> Path:
        return self.folder / "uploads"

    @property
    def bundles_folder(self) -> Path:
        """Where bundles lie while they are taken in."""
        return self.folder / "bundles"

    @property
    def map_packs_folder(self) -> Path:
        return self.folder / "map-packs"

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or "127.0.0.1"

    @property
    def port(self) -> int:
        split = urlsplit(self.address)
        return split.port or (443 if split.scheme == "https" else 80)

    @property
    def is_loopback(self) -> bool:
        return self.host in LOOPBACK

    def keep(self) -> None:
        """Writes the settings into the folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / SETTINGS_FILE).write_text(self.model_dump_json(indent=2, exclude={"folder"}), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Settings of the station in this folder. Raises FileNotFoundError before ``init``."""
        kept = json.loads((folder / SETTINGS_FILE).read_text("utf-8"))
        return cls.model_validate({**kept, "folder": folder})

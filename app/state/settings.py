"""Where this device keeps its things and how it was started; read once from the environment."""

import os
from dataclasses import dataclass
from pathlib import Path

VERSION = "0.1.0"
"""Of the app; a test holds it to the one in pyproject.toml, which a phone does not have."""


@dataclass(frozen=True)
class HandsetSettings:
    """How one device is set up."""

    folder: Path
    """The locked folder: journal, photos, vault."""
    secret_file: Path | None
    """Where a browser host keeps the device's secret; None on a phone, which has secure storage."""
    map_pack: Path | None
    """A pack of map tiles; None shows the track on a plain grid."""
    demo: bool
    """Shows the switch that cuts the connection, and says that a browser demo is not a phone's safety."""
    demo_pin: str | None
    language: str
    device_name: str
    caches: tuple[Path, ...] = ()
    """Where plugins of a phone leave copies in the clear; none on a computer, where others write there too."""

    @property
    def uploads_folder(self) -> Path:
        """Where a browser's files arrive; a phone's are read where they lie."""
        return self.folder.with_name("uploads")


def read_settings(environment: dict[str, str] | None = None) -> HandsetSettings:
    """Settings from ``TUAN_TRA_*`` and Flet's own storage variables."""
    env = dict(os.environ) if environment is None else environment
    root = Path(env.get("TUAN_TRA_FOLDER") or env.get("FLET_APP_STORAGE_DATA") or Path.home() / ".tuan-tra")
    secret, pack = env.get("TUAN_TRA_SECRET_FILE"), env.get("TUAN_TRA_MAP_PACK")
    return HandsetSettings(
        folder=root / "device",
        secret_file=Path(secret) if secret else None,
        map_pack=Path(pack) if pack else None,
        demo=env.get("TUAN_TRA_DEMO") == "1",
        demo_pin=env.get("TUAN_TRA_DEMO_PIN"),
        language=env.get("TUAN_TRA_LANGUAGE", "vi"),
        device_name=env.get("TUAN_TRA_DEVICE_NAME", "Tuan Tra"),
        caches=_caches(env),
    )


def _caches(env: dict[str, str]) -> tuple[Path, ...]:
    if env.get("FLET_PLATFORM") not in {"android", "ios"}:
        return ()
    said = (env.get("FLET_APP_STORAGE_CACHE"), env.get("FLET_APP_STORAGE_TEMP"))
    return tuple(Path(folder) for folder in said if folder)

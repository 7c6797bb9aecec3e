"""What Android itself says of the link in use, which Flet does not pass on: whether bytes count, and whether it roams."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

NOT_METERED: Final = 11
"""``NetworkCapabilities.NET_CAPABILITY_NOT_METERED``."""
NOT_ROAMING: Final = 18
"""``NetworkCapabilities.NET_CAPABILITY_NOT_ROAMING``, known since API 28; before, its absence says nothing."""
TELLS_ROAMING_SINCE: Final = 28


@dataclass(frozen=True)
class SystemWord:
    """None where the system does not tell."""

    metered: bool | None
    roaming: bool | None


def ask_android(environment: Mapping[str, str], load: Callable[[str], Any] = import_module) -> SystemWord | None:
    """None anywhere but on Android, and where there is no link. Uses classes of the system only, which no build renames."""
    host = environment.get("MAIN_ACTIVITY_HOST_CLASS_NAME")
    if environment.get("FLET_JNI_READY") != "1" or host is None:
        return None
    jnius = load("jnius")
    told = jnius.autoclass(host).mActivity.getSystemService("connectivity")
    connectivity = jnius.cast("android.net.ConnectivityManager", told)
    network = connectivity.getActiveNetwork()
    can = None if network is None else connectivity.getNetworkCapabilities(network)
    if can is None:
        return None
    tells_roaming = jnius.autoclass("android.os.Build$VERSION").SDK_INT >= TELLS_ROAMING_SINCE
    return SystemWord(
        metered=not can.hasCapability(NOT_METERED),
        roaming=not can.hasCapability(NOT_ROAMING) if tells_roaming else None,
    )

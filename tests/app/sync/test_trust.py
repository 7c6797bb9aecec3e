"""Whom a device believes."""

import pytest

from app.sync.trust import checked_address


@pytest.mark.parametrize(
    "address",
    ["https://192.168.1.10:8443", "https://don.lan/", "http://127.0.0.1:8300", "http://localhost:8300", "http://[::1]:80"],
)
def test_a_station_is_reached_by_https_or_on_this_machine(address):
    assert checked_address(address) == address.rstrip("/")


@pytest.mark.parametrize(
    "address",
    ["http://192.168.1.10:8300", "http://don.lan", "ftp://127.0.0.1", "127.0.0.1:8300", "", "https://", "http://10.0.0.1"],
)
def test_plain_http_never_leaves_this_machine(address):
    with pytest.raises(ValueError, match="https"):
        checked_address(address)

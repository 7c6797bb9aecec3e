"""Whom a device believes: https by the station's own CA, or this very machine."""

import ssl
from ipaddress import ip_address
from urllib.parse import urlsplit


def checked_address(address: str) -> str:
    """The address without a trailing slash. Raises ValueError unless it is https, or http to this very machine."""
    parts = urlsplit(address)
    if parts.scheme == "https" and parts.hostname:
        return address.rstrip("/")
    if parts.scheme == "http" and parts.hostname and _is_loopback(parts.hostname):
        return address.rstrip("/")
    raise ValueError("a station is reached by https; plain http stays on this machine")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def trust_only(ca_pem: str | None) -> ssl.SSLContext:
    """A context that believes the station's own CA and nobody else; without a CA it believes nobody."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_pem is not None:
        context.load_verify_locations(cadata=ca_pem)
    return context


def trust_nobody_yet() -> ssl.SSLContext:
    """A context for reading the CA itself, which is then compared with the pin of the join code."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context

"""The station's own authority: one server, one name, and phones whose clock stands years behind."""

import ssl
from datetime import timedelta

from cryptography import x509

from journal.clock import moment
from sync_server.certificates import certify_server, make_authority, still_serves
from sync_server.settings import Settings
from sync_server.station import make_station, server_certificate
from tests.entries_made import START_MS

NOW = moment(START_MS)


def test_a_certificate_is_valid_for_a_phone_that_lives_years_ago():
    made = x509.load_pem_x509_certificate(certify_server(make_authority("CA", NOW), "10.0.0.5", NOW).certificate_pem)
    assert made.not_valid_before_utc < NOW - timedelta(days=3_600)


def test_a_certificate_serves_its_host_until_two_months_before_its_end():
    made = certify_server(make_authority("CA", NOW), "10.0.0.5", NOW).certificate_pem
    assert still_serves(made, "10.0.0.5", NOW)
    assert not still_serves(made, "10.0.0.6", NOW)
    assert not still_serves(made, "10.0.0.5", NOW + timedelta(days=340))


def test_a_certificate_is_made_anew_when_the_old_one_runs_out_and_the_authority_stays(tmp_path):
    settings = Settings(folder=tmp_path, address="https://10.0.0.5:8300")
    station = make_station(settings, now_ms=START_MS, random_bytes=lambda n: bytes(range(n)))
    certificate, key = server_certificate(settings, START_MS)
    first = certificate.read_bytes()
    assert server_certificate(settings, START_MS)[0].read_bytes() == first
    server_certificate(settings, START_MS + 350 * 86_400_000)
    assert certificate.read_bytes() != first
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    assert station.join_code("t").ca_sha256 is not None

"""The demo on the local network: an own certificate for the own address, and a QR code."""

import ipaddress
import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from besuk.run.demo.lan import certificate_for, qr_code

NOW = datetime(2026, 12, 3, tzinfo=UTC)


def test_the_certificate_is_for_the_address_and_for_loopback(tmp_path: Path) -> None:
    tls = certificate_for("192.168.7.20", tmp_path, NOW)
    made = x509.load_pem_x509_certificate(tls.certificate.read_bytes())
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.IPAddress) == [
        ipaddress.ip_address("192.168.7.20"),
        ipaddress.ip_address("127.0.0.1"),
    ]
    assert made.not_valid_before_utc < NOW < made.not_valid_after_utc
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(tls.certificate, tls.key)
    assert stat.S_IMODE(tls.key.stat().st_mode) == 0o600


def test_it_is_kept_while_it_is_good_and_made_again_when_not(tmp_path: Path) -> None:
    first = certificate_for("10.0.0.2", tmp_path, NOW).certificate.read_bytes()
    assert certificate_for("10.0.0.2", tmp_path, NOW + timedelta(days=20)).certificate.read_bytes() == first
    assert certificate_for("10.0.0.2", tmp_path, NOW + timedelta(days=30)).certificate.read_bytes() != first


def test_a_damaged_certificate_is_made_again(tmp_path: Path) -> None:
    tls = certificate_for("10.0.0.2", tmp_path, NOW)
    tls.certificate.write_text("nothing")
    assert b"BEGIN CERTIFICATE" in certificate_for("10.0.0.2", tmp_path, NOW).certificate.read_bytes()


def test_the_qr_code_is_drawn_with_characters() -> None:
    lines = qr_code("https://192.168.7.20:8000/demo/").splitlines()
    assert len(lines) > 10
    assert any("█" in line or "▀" in line or "▄" in line for line in lines)

"""The demo on the local network: this machine's address, a certificate of its own, a QR code for a phone.

A browser gives camera and microphone to a page over TLS only, and a phone must accept the certificate once.
"""

import io
import ipaddress
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import segno
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from besuk.run.plan import Tls
from besuk.run.speak import Stop

VALID = timedelta(days=30)
NOWHERE = ("192.0.2.1", 9)
"""An address reserved for documentation: asking the way there sends nothing (RFC 5737)."""


def own_address() -> str:
    """This machine's address on its network. Raises Stop when there is none but loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(NOWHERE)
            found = str(asking.getsockname()[0])
        except OSError:
            found = _by_name()
    if ipaddress.ip_address(found).is_loopback:
        raise Stop("this machine has no address on a network.", "Connect it to one, or start without LAN=1.")
    return found


def _by_name() -> str:
    """Without a default route: what the machine's own name stands for."""
    try:
        return socket.gethostbyname(socket.gethostname())
    except OSError:
        return "127.0.0.1"


def certificate_for(address: str, directory: Path, now: datetime) -> Tls:
    """A self-made certificate for the address, kept while it is good for another day."""
    tls = Tls(directory / f"{address}.crt", directory / f"{address}.key")
    if not (tls.certificate.exists() and tls.key.exists() and _is_good(tls.certificate, now)):
        _make(address, tls, now)
    return tls


def _is_good(certificate: Path, now: datetime) -> bool:
    try:
        known = x509.load_pem_x509_certificate(certificate.read_bytes())
    except ValueError:
        return False
    return known.not_valid_after_utc > now + timedelta(days=1)


def _make(address: str, tls: Tls, now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Besuk demo")])
    names = [x509.IPAddress(ipaddress.ip_address(one)) for one in (address, "127.0.0.1")]
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + VALID)
        .add_extension(x509.SubjectAlternativeName([*names, x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    )
    tls.key.touch(mode=0o600)
    tls.key.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    certificate = builder.sign(key, hashes.SHA256())
    tls.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def machine_time() -> datetime:
    """Validity of a certificate is judged by browsers, so by the machine's clock and not by the demo's."""
    return datetime.now(UTC)


def qr_code(address: str) -> str:
    """The address as a QR code of characters, for a terminal."""
    out = io.StringIO()
    segno.make(address, error="m").terminal(out=out, compact=True, border=2)
    return out.getvalue()

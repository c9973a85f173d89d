"""A certificate authority of the tests, and a server's certificate that it has signed.

The one argument is a directory. It gets `server.pem`, the key and the certificate of a server at
127.0.0.1, and `bundle.pem`: certificate authorities, as many as a client really loads, and the
test's own.
"""

import datetime
import ipaddress
import sys
from pathlib import Path

import certifi
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

Key = ec.EllipticCurvePrivateKey


def certificate(
    subject: str, key: Key, issuer: str, issuer_key: Key, extensions: list[x509.ExtensionType]
) -> bytes:
    """A certificate for a day, in PEM."""
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = (
        x509.CertificateBuilder()
        .subject_name(named(subject))
        .issuer_name(named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def named(name: str) -> x509.Name:
    """A name of one part."""
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def make_certificates(directory: Path) -> None:
    """The server's certificate and key, and the bundle for its clients."""
    authority = ec.generate_private_key(ec.SECP256R1())
    server = ec.generate_private_key(ec.SECP256R1())
    of_authority = certificate(
        "testing authority",
        authority,
        "testing authority",
        authority,
        [
            x509.BasicConstraints(ca=True, path_length=0),
            x509.KeyUsage(False, False, False, False, False, True, True, False, False),
            x509.SubjectKeyIdentifier.from_public_key(authority.public_key()),
        ],
    )
    of_server = certificate(
        "testing server",
        server,
        "testing authority",
        authority,
        [
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()),
        ],
    )
    key = server.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (directory / "server.pem").write_bytes(key + of_server)
    (directory / "bundle.pem").write_bytes(Path(certifi.where()).read_bytes() + of_authority)


if __name__ == "__main__":
    make_certificates(Path(sys.argv[1]))

# SPDX-License-Identifier: GPL-3.0-or-later
"""A Redis server that speaks TLS alone, with certificates made for it."""

from __future__ import annotations

import datetime as dt
import ipaddress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from postward.model.redis_target import RedisTarget, RedisTls
from tests.mailhost.loopback import HOST, free_ports
from tests.redis_servers.node import RedisNode

if TYPE_CHECKING:
    from pathlib import Path

_DAY = dt.timedelta(days=1)


@dataclass(slots=True)
class Certificates:
    """An authority, and a certificate of it for the server and one for a client, in a folder."""

    folder: Path
    _authority: tuple[x509.Name, ec.EllipticCurvePrivateKey] = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        name, key = _name("Test authority"), ec.generate_private_key(ec.SECP256R1())
        self._authority = (name, key)
        self._write("ca", self._sign(name, key, is_authority=True), key)
        for label in ("server", "client"):
            key = ec.generate_private_key(ec.SECP256R1())
            self._write(label, self._sign(_name(label), key, is_authority=False), key)

    @property
    def tls(self) -> RedisTls:
        """What a client needs."""
        return RedisTls(ca_file=self.certificate("ca"), certificate_file=self.certificate("client"),
                        key_file=self.key("client"))  # fmt: skip

    def certificate(self, label: str) -> str:
        """The file with the certificate of ``ca``, ``server`` or ``client``."""
        return str(self.folder / f"{label}.crt")

    def key(self, label: str) -> str:
        """The file with its key."""
        return str(self.folder / f"{label}.key")

    def _sign(self, name: x509.Name, key: ec.EllipticCurvePrivateKey, *, is_authority: bool) -> x509.Certificate:
        issuer, issuer_key = self._authority
        now = dt.datetime.now(dt.UTC)
        builder = (
            x509.CertificateBuilder(issuer, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - _DAY)
            .not_valid_after(now + _DAY)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
            .add_extension(_usage(is_authority=is_authority), critical=True)
        )
        if not is_authority:
            names = [x509.IPAddress(ipaddress.ip_address(HOST)), x509.DNSName("localhost")]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(issuer_key, hashes.SHA256())

    def _write(self, label: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        pem = serialization.Encoding.PEM
        (self.folder / f"{label}.crt").write_bytes(certificate.public_bytes(pem))
        (self.folder / f"{label}.key").write_bytes(
            key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        )


@dataclass(slots=True)
class TlsRedis:
    """``with TlsRedis(folder) as server:``; it asks every client for a certificate."""

    folder: Path
    certificates: Certificates = field(init=False)
    node: RedisNode = field(init=False)
    port: int = field(init=False)

    def __post_init__(self) -> None:
        self.certificates = Certificates(self.folder / "certificates")
        (self.port,) = free_ports(1)
        options = {
            "port": "0", "tls-port": str(self.port), "tls-cert-file": self.certificates.certificate("server"),
            "tls-key-file": self.certificates.key("server"), "tls-ca-cert-file": self.certificates.certificate("ca"),
        }  # fmt: skip
        self.node = RedisNode(self.folder / "server", options)

    def __enter__(self) -> Self:
        self.node.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.node.kill()

    @property
    def target(self) -> RedisTarget:
        """How Postward gets there."""
        return RedisTarget(nodes=((HOST, self.port),), tls=self.certificates.tls)

    @property
    def url(self) -> str:
        """The same for ``redis.url``; the files are settings of their own."""
        return f"rediss://{HOST}:{self.port}/0"


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, key_cert_sign=is_authority, crl_sign=is_authority, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip

# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that speak TLS, and certificates for them."""

from __future__ import annotations

import ipaddress
import ssl
from datetime import datetime, timedelta, timezone

from ansible_collections.saasops.jobs.tests.unit.support.raw_server import RawServer, receive
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

EMPTY = b'HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n{"results":[],"totalCount":0}\n'


def serve(connection, _number):
    while receive(connection):
        connection.sendall(EMPTY)


def tls_server(certificate, client_authority=None):
    """A RawServer that speaks TLS, and answers each request with an empty list of MongoDB."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if isinstance(certificate, tuple):
        context.load_cert_chain(*certificate)
    else:
        certificate.configure_cert(context)
    if client_authority is not None:
        client_authority.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
    return RawServer(serve, context)


def self_made(folder, days=(-1, 1), key_identifier=True, names=("127.0.0.1",)):
    """(CA, certificate, key): paths of what OpenSSL may find fault with."""

    def name(text):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    def write(path, data):
        (folder / path).write_bytes(data)
        return str(folder / path)

    def pem(key):
        form = serialization.PrivateFormat.TraditionalOpenSSL
        return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())

    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _which in range(2))
    now = datetime.now(timezone.utc)

    def certificate(subject, public, begin, end, *extensions):
        builder = x509.CertificateBuilder(
            issuer_name=name("Canary CA"),
            subject_name=name(subject),
            public_key=public.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=now + timedelta(days=begin),
            not_valid_after=now + timedelta(days=end),
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    usage = dict.fromkeys(
        ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False
    )
    usage.update(key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False)
    ca = certificate(
        "Canary CA",
        ca_key,
        -30,
        30,
        (x509.BasicConstraints(ca=True, path_length=None), True),
        (x509.KeyUsage(**usage), True),
        (x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), False),
    )
    more = [(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), False)] if key_identifier else []
    leaf = certificate(
        "server",
        key,
        *days,
        (x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(each)) for each in names]), False),
        *more,
    )
    return write("own-ca.pem", ca), write("own.pem", leaf), write("own.key", pem(key))

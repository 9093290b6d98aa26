# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the client certificate of a task before anything is sent."""

from __future__ import annotations

import ssl

from ...errors import InvalidInput


def check(cert: str | None, key: str | None) -> None:
    """Checks the options client_cert and client_key.

    :param cert: path of a file in PEM format, or None.
    :param key: path of a file in PEM format; None if the file of the certificate holds the key, too.
    :raises InvalidInput: the two cannot be used.
    """
    if not cert:
        if key:
            raise InvalidInput("client_key requires client_cert, the certificate that it belongs to.")
        return
    for option, path in (("client_cert", cert), ("client_key", key)):
        _check_readable(option, path)
    is_encrypted = False

    def no_password() -> str:
        # Without this function, OpenSSL would ask for the password on the terminal.
        nonlocal is_encrypted
        is_encrypted = True
        return ""

    source = "client_key" if key else "client_cert"
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(cert, key or None, no_password)
    except (ssl.SSLError, ValueError, OSError) as exc:
        if is_encrypted:
            raise InvalidInput(
                f"{source}: the key is encrypted, which is not supported; give one without a password, readable only "
                "by its owner."
            ) from None
        if getattr(exc, "reason", None) == "KEY_VALUES_MISMATCH":
            raise InvalidInput(f"{source}: the key does not belong to the certificate in client_cert.") from None
        where = "client_cert or client_key" if key else "client_cert"
        held = "a certificate and its key" if not key else "a certificate, or a key,"
        raise InvalidInput(f"{where} does not hold {held} in PEM format that OpenSSL can read.") from None


def _check_readable(option: str, path: str | None) -> None:
    if not path:
        return
    try:
        with open(path, "rb"):
            pass
    except OSError as exc:
        raise InvalidInput(f"{option}: the file {path} cannot be read ({exc.strerror}).") from None

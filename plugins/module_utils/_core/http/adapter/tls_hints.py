# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do about a TLS certificate that one of the two sides did not accept."""

from __future__ import annotations

import os
import ssl

# https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/
_NOT_YET_VALID, _EXPIRED = 9, 10
_OTHER_NAME = (62, 64)
# Errors that only X509_V_FLAG_X509_STRICT finds; Python 3.13 and newer set it.
_STRICT = range(80, 95)

_CLIENT_CERTIFICATE_WANTED = ("TLSV13_ALERT_CERTIFICATE_REQUIRED", "TLSV1_ALERT_CERTIFICATE_REQUIRED")
_CLIENT_CERTIFICATE_REFUSED = (
    "TLSV1_ALERT_UNKNOWN_CA",
    "SSLV3_ALERT_BAD_CERTIFICATE",
    "SSLV3_ALERT_CERTIFICATE_EXPIRED",
    "SSLV3_ALERT_CERTIFICATE_REVOKED",
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
    "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
)


def describe_unverified(error: ssl.SSLCertVerificationError, verify: bool | str) -> str:
    """A clause about a certificate of the service that could not be verified, and the remedy.

    :param verify: True, or the path of a file or folder with CA certificates.
    """
    # Older versions of urllib3 compare host names themselves, and give no code.
    code, said = getattr(error, "verify_code", None), getattr(error, "verify_message", "") or str(error)
    if code in _OTHER_NAME or "doesn't match" in said:
        told = said if code is None else said.partition(",")[2].strip() or said
        return f"its TLS certificate is for another host ({told.rstrip('.')}); check the address"
    if code in (_NOT_YET_VALID, _EXPIRED):
        state = "is not valid yet" if code == _NOT_YET_VALID else "has expired"
        return f"its TLS certificate, or that of its CA, {state}; have it renewed, or set the clock of this machine"
    if code in _STRICT:
        return (
            f"its TLS certificate, or that of its CA, does not meet the standard ({said}), which Python has "
            "enforced since 3.13; have it reissued, or use an older Python"
        )
    why = said if code else "certificate verify failed"
    hint = "give its CA certificate in ca_path"
    if isinstance(verify, str) and os.path.isdir(verify):
        hint = "add its CA certificate to the folder in ca_path, and index it with `openssl rehash`"
    return f"its TLS certificate could not be verified ({why}); {hint}"


def describe_alert(error: ssl.SSLError) -> str | None:
    """A clause about what the service said about our own certificate, or None if it said nothing."""
    reason = (getattr(error, "reason", None) or "").upper().replace(" ", "_")
    if reason in _CLIENT_CERTIFICATE_WANTED:
        return "it requires a client certificate; give client_cert"
    if reason in _CLIENT_CERTIFICATE_REFUSED:
        return f"it does not accept the client certificate ({reason}); check client_cert"
    if reason == "SSLV3_ALERT_HANDSHAKE_FAILURE":
        return f"it refused the TLS handshake ({reason}); if it requires a client certificate, give client_cert"
    return None

# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests that are signed with an access key."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

import requests
from accounts import OTC_SECRET_KEY
from sandbox_client import SandboxClient

KEY = ("AKSANDBOX0000000001", OTC_SECRET_KEY)
VISITOR = ("AKSANDBOX0000000002", "hP4sXe8VtMq1LzKc6YwBn3RjGd9UfTa7CoIk5QbE")
EMPTY_PROJECT = "fedcba9876543210fedcba9876543210"
REFUSED = "Incorrect IAM authentication information: "
SIGNATURE_FAILED = REFUSED + "verify aksk signature fail"


def now(sandbox: SandboxClient) -> datetime:
    return datetime.strptime(sandbox.control("GET", "clock")["now"], "%Y-%m-%dT%H:%M:%SZ")


def signed(
    sandbox: SandboxClient,
    method: str,
    path: str,
    key: tuple[str, str] = KEY,
    form: str = "access",
    query: Sequence[tuple[str, str]] = (),
    body: bytes = b"",
    *,
    headers: Mapping[str, str] | None = None,
    at: datetime | None = None,
    scope: str = "/",
    unsigned_header: str | None = None,
    late_headers: Mapping[str, str] | None = None,
    signed_payload: bytes | str | None = None,
    signed_query: str | None = None,
    spoil: Callable[[str], str] | None = None,
) -> requests.Response:
    """Sends a signed request, in which some parts may differ from what was signed.

    :param headers: further headers, which are signed.
    :param unsigned_header: the name of a header that is left out of the signature.
    :param late_headers: headers that are added after signing.
    :param signed_payload: what is signed as the body, or as its hash.
    :param signed_query: what is signed as the query.
    :param spoil: changes the Authorization header.
    """
    date = (at or now(sandbox)).strftime("%Y%m%dT%H%M%SZ")
    all_headers = {"Content-Type": "application/json", "Host": f"127.0.0.1:{sandbox.port}", "X-Sdk-Date": date}
    all_headers.update(headers or {})
    encoded_query = "&".join(sorted(f"{quote(name, '~')}={quote(value, '~')}" for name, value in query))
    lower = {name.lower(): value for name, value in all_headers.items() if name != unsigned_header}
    payload = body if signed_payload is None else signed_payload
    payload_hash = payload if isinstance(payload, str) else hashlib.sha256(payload).hexdigest()
    canonical = [method, quote(path, "/~") + "/", encoded_query if signed_query is None else signed_query]
    canonical += [*(f"{name}:{lower[name]}" for name in sorted(lower)), "", ";".join(sorted(lower)), payload_hash]
    digest = hashlib.sha256("\n".join(canonical).encode()).hexdigest()
    if form == "access":
        secret, credential = key[1].encode(), f"Access={key[0]}"
        to_sign = ["SDK-HMAC-SHA256", date, digest]
    else:
        full_scope = f"{date[:8]}/{scope}/sdk_request"
        secret, credential = ("SDK" + key[1]).encode(), f"Credential={key[0]}/{full_scope}"
        for part in full_scope.split("/"):
            secret = hmac.new(secret, part.encode(), hashlib.sha256).digest()
        to_sign = ["SDK-HMAC-SHA256", date, full_scope, digest]
    signature = hmac.new(secret, "\n".join(to_sign).encode(), hashlib.sha256).hexdigest()
    names = ";".join(sorted(lower))
    authorization = f"SDK-HMAC-SHA256 {credential}, SignedHeaders={names}, Signature={signature}"
    all_headers["Authorization"] = spoil(authorization) if spoil else authorization
    all_headers.update(late_headers or {})
    url = sandbox.url + quote(path, "/~") + (f"?{encoded_query}" if encoded_query else "")
    return requests.request(method, url, headers=all_headers, data=body, timeout=10)


def assert_refused(response: requests.Response, text: str = SIGNATURE_FAILED) -> None:
    body = response.json()
    assert (response.status_code, body["error_code"], body["error_msg"]) == (401, "APIGW.0301", text)
    assert set(body) == {"error_code", "error_msg", "request_id"}

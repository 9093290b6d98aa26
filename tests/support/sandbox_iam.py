# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects of the seed and helpers for tests of IAM."""

from __future__ import annotations

from typing import Any

import requests
from accounts import OTC_MFA_PASSWORD, OTC_PASSCODE, OTC_PASSWORD
from sandbox_client import SandboxClient

DOMAIN = {"id": "d1a2b3c4d5e6f708192a3b4c5d6e7f80", "name": "OTC00000000001000000001"}
OTHER = {"id": "e8f7061524334251607f8e9dacbbcad9", "name": "OTC00000000001000000002"}
DELEGATED = "00112233445566778899aabbccddeeff"
OPERATOR_ID, MFA_ID = (f"a0b1c2d3e4f5061728394a5b6c7d8e0{n}" for n in (1, 2))
PASSWORDS = {
    "log-operator": OTC_PASSWORD,
    "log-operator-mfa": OTC_MFA_PASSWORD,
    "log-operator-locked": "Thistle9-Anvil-reed-c60b72fa-Harbor",
    "log-visitor": "Juniper2-Sextant-clay-13d9e84c-Pebble",
}
PASSCODE = OTC_PASSCODE
SCOPE = {"project": {"name": "eu-de"}}


def call_iam(
    sandbox: SandboxClient, method: str, path: str = "/auth/tokens", token: str | None = None, **options: Any
) -> requests.Response:
    headers = {"X-Auth-Token": token} if token else {}
    headers.update(options.pop("headers", {}))
    return requests.request(method, f"{sandbox.url}/v3{path}", headers=headers, timeout=10, **options)


def password(name: str = "log-operator", passcode: dict[str, str] | None = None, **user: Any) -> dict[str, Any]:
    """The body of a sign-in, for SCOPE unless another scope is given."""
    scope = user.pop("scope", SCOPE)
    user = {"name": name, "password": PASSWORDS.get(name), "domain": {"name": DOMAIN["name"]}, **user}
    identity = {"methods": ["password"], "password": {"user": user}}
    if passcode:
        identity = {"methods": ["password", "totp"], "password": {"user": user}, "totp": {"user": passcode}}
    return {"auth": {"identity": identity, **({"scope": scope} if scope else {})}}


def sign_in(sandbox: SandboxClient, **options: Any) -> tuple[str, dict[str, Any]]:
    """Signs in; returns the token and the document about it."""
    response = call_iam(sandbox, "POST", json=password(**options))
    assert response.status_code == 201, response.text
    return response.headers["X-Subject-Token"], response.json()["token"]


def assume_agency(
    sandbox: SandboxClient, token: str | None, domain: dict[str, str] | None = None, **agency: Any
) -> requests.Response:
    scope = agency.pop("scope", SCOPE)
    role = {**(domain or {"domain_name": OTHER["name"]}), **agency}
    identity = {"methods": ["assume_role"], "assume_role": role}
    return call_iam(sandbox, "POST", token=token, json={"auth": {"identity": identity, "scope": scope}})

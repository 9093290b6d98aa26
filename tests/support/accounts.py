# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sandbox's default seed holds, and module parameters to reach it."""

from __future__ import annotations

PRIVATE_KEY = "3a9f0c6e-5d1b-4f7e-9a57-2b8d6f1c0e42"
CLIENT_ID = "mdb_sa_id_66f1c0de00000000000000d1"
CLIENT_SECRET = "mdb_sa_sk_sandbox-Qm7vT2xR9wLk4ZpB8nYd"
LTS_TOKEN = "gAAAAABsandboxToken-7c1e5a90d3f84b26-valid-for-one-day"
LTS_EXPIRED_TOKEN = "gAAAAABsandboxToken-e04d9b7163c2485f-expired-an-hour-ago"
CIELO24_PASSWORD = "correct-horse-7b2f-battery"
CIELO24_KEY = "4e8d1f60a7c94b35b2d8e0f3a6179c5d"
CIELO24_TOKEN = "9c3a7e51f0b84d62a1e6d5c8b7f20394"
DELIVERY_TOKENS = ("5f0e7a1cb1d24e6f8a3b9c7d", "8d2b6f4eb2c14a7d9e5f0a3c")
SECRETS = (
    PRIVATE_KEY,
    CLIENT_SECRET,
    LTS_TOKEN,
    LTS_EXPIRED_TOKEN,
    CIELO24_PASSWORD,
    CIELO24_KEY,
    CIELO24_TOKEN,
    *DELIVERY_TOKENS,
)

LOG_PROJECT = "66f1c0de0000000000000001"
CLOUD_MANAGER_PROJECT = "66f1c0de0000000000000004"
ATLAS_PROJECT = "66f1c0de0000000000000002"
LTS_PROJECT = "0123456789abcdef0123456789abcdef"


def job(suffix):
    """Id of a MongoDB job in the seed, by its last digits."""
    return "66f1c0de" + suffix.rjust(16, "0")


def caption(suffix):
    """Id of a captioning job in the seed, by its last digits."""
    return "c24" + suffix.rjust(29, "0")


def stream(group, number):
    """Id of a log stream in the seed."""
    return f"22222222-{group}-4000-8000-{number:012d}"


def log_collection(url, **more):
    return {
        "base_url": url,
        "public_key": "sandboxkey",
        "private_key": PRIVATE_KEY,
        "project_id": LOG_PROJECT,
        **more,
    }


def atlas(url, **more):
    return {**log_collection(url), "project_id": ATLAS_PROJECT, "cluster_name": "blue", **more}


def service_account(url, **more):
    """A cluster of Atlas, reached with a service account instead of an API key."""
    params = {name: value for name, value in atlas(url).items() if name not in ("public_key", "private_key")}
    return {**params, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, **more}


def lts(url, **more):
    return {"endpoint": url, "project_id": LTS_PROJECT, "auth_token": LTS_TOKEN, **more}


def cielo24(url, **more):
    return {"base_url": url, "username": "newsroom", "password": CIELO24_PASSWORD, **more}

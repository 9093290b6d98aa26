# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sandbox's default seed holds, and module parameters to reach it."""

from __future__ import annotations

import json

PRIVATE_KEY = "3a9f0c6e-5d1b-4f7e-9a57-2b8d6f1c0e42"
CLIENT_ID = "mdb_sa_id_66f1c0de00000000000000d1"
CLIENT_SECRET = "mdb_sa_sk_sandbox-Qm7vT2xR9wLk4ZpB8nYd"
LTS_TOKEN = "gAAAAABsandboxToken-7c1e5a90d3f84b26-valid-for-one-day"
LTS_EXPIRED_TOKEN = "gAAAAABsandboxToken-e04d9b7163c2485f-expired-an-hour-ago"
OTC_PASSWORD = "Maple7-Orbit-zinc-2f9c41d8-Quarry"
OTC_MFA_PASSWORD = "Cobalt4-Ferry-moss-8a17e35b-Lantern"
OTC_PASSCODE = "48151623426178093546"
OTC_SECRET_KEY = "Vw3kT9pLx7QmZb2RnYc5HdJf8GsKa4EuWt6NqBvM"
OTC_TEMPORARY_SECRET_KEY = "rC7yNf2WbUe5KgQx9TmJa4ZpLh8SvDk1XoRi3BtM"
OTC_SECURITY_TOKEN = "gQplbi1kZXNhbmRib3gtc2VjdXJpdHktdG9rZW4tN2QxYzRlOWI4ZjYyYTA1My12YWxpZA"
CIELO24_PASSWORD = "correct-horse-7b2f-battery"
ACADEMY_PASSWORD = "quiet-harbour-58c1-lantern"
ACADEMY_KEY = "7d20a4c9e8b14f36a5c1f09d3e7b6284"
CIELO24_KEY = "4e8d1f60a7c94b35b2d8e0f3a6179c5d"
CIELO24_TOKEN = "9c3a7e51f0b84d62a1e6d5c8b7f20394"
DELIVERY_TOKENS = ("5f0e7a1cb1d24e6f8a3b9c7d", "8d2b6f4eb2c14a7d9e5f0a3c", "2c7f9a4e6d1b4830b5e8f0d2")
SECRETS = (
    PRIVATE_KEY,
    CLIENT_SECRET,
    LTS_TOKEN,
    LTS_EXPIRED_TOKEN,
    OTC_PASSWORD,
    OTC_MFA_PASSWORD,
    OTC_PASSCODE,
    OTC_SECRET_KEY,
    OTC_TEMPORARY_SECRET_KEY,
    OTC_SECURITY_TOKEN,
    CIELO24_PASSWORD,
    ACADEMY_PASSWORD,
    ACADEMY_KEY,
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


def transfer(number):
    """Id of a log transfer in the seed."""
    return f"33333333-bbbb-4000-8000-{number:012d}"


def log_collection(url, **more):
    return {
        "base_url": url,
        "public_key": "sandboxkey",
        "private_key": PRIVATE_KEY,
        "project_id": LOG_PROJECT,
        **more,
    }


def ops_manager(url, **more):
    """Ops Manager itself, which belongs to no project."""
    return {"base_url": url, "public_key": "sandboxkey", "private_key": PRIVATE_KEY, **more}


def atlas(url, **more):
    return {**log_collection(url), "project_id": ATLAS_PROJECT, "cluster_name": "blue", **more}


def service_account(url, **more):
    """A cluster of Atlas, reached with a service account instead of an API key."""
    params = {name: value for name, value in atlas(url).items() if name not in ("public_key", "private_key")}
    return {**params, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, **more}


def lts(url, **more):
    return {"endpoint": url, "project_id": LTS_PROJECT, "auth_token": LTS_TOKEN, **more}


def lts_user(url, **more):
    """The same project, reached with a password instead of a token."""
    user = {"username": "log-operator", "password": OTC_PASSWORD, "user_domain_name": "OTC00000000001000000001"}
    return {"endpoint": url, "auth_url": f"{url}/v3", "project_name": "eu-de", **user, **more}


def lts_mfa(url, **more):
    """The same with a passcode."""
    user = {"user_id": "a0b1c2d3e4f5061728394a5b6c7d8e02", "password": OTC_MFA_PASSWORD, "passcode": OTC_PASSCODE}
    return {"endpoint": url, "auth_url": f"{url}/v3", "project_id": LTS_PROJECT, **user, **more}


def lts_keys(url, **more):
    """The same with an access key."""
    keys = {"access_key": "AKSANDBOX0000000001", "secret_key": OTC_SECRET_KEY}
    return {"endpoint": url, "project_id": LTS_PROJECT, **keys, **more}


def lts_temporary_keys(url, **more):
    """The same with a temporary one."""
    keys = {"access_key": "HSTSANDBOX000000001", "secret_key": OTC_TEMPORARY_SECRET_KEY}
    return lts_keys(url, **{**keys, "security_token": OTC_SECURITY_TOKEN, **more})


def lts_agency(url, **more):
    """A project of another account, to which an agency leads."""
    agency = {"agency_name": "log-caretaker", "agency_domain_name": "OTC00000000001000000002"}
    return lts_user(url, **{**agency, "delegated_project": "eu-de", **more})


def clouds_yaml(url):
    """A clouds.yaml with that project as the cloud `otc`."""
    auth = {
        "auth_url": f"{url}/v3",
        "username": "log-operator",
        "password": OTC_PASSWORD,
        "user_domain_name": "OTC00000000001000000001",
        "project_name": "eu-de",
        "project_domain_name": "OTC00000000001000000001",
    }
    return json.dumps({"clouds": {"otc": {"auth": auth, "region_name": "eu-de"}}})


def cielo24(url, **more):
    return {"base_url": url, "username": "newsroom", "password": CIELO24_PASSWORD, **more}


def academy(url, **more):
    """An account of cielo24 whose jobs wait for an authorization."""
    return {"base_url": url, "username": "academy", "password": ACADEMY_PASSWORD, **more}


def environment(url):
    """The environment variables that reach all four services, with nothing left for the tasks to give."""
    return {
        "MCLI_OPS_MANAGER_URL": url,
        "MCLI_PUBLIC_API_KEY": "sandboxkey",
        "MCLI_PRIVATE_API_KEY": PRIVATE_KEY,
        "MCLI_PROJECT_ID": LOG_PROJECT,
        "MONGODB_ATLAS_BASE_URL": url,
        "MONGODB_ATLAS_CLIENT_ID": CLIENT_ID,
        "MONGODB_ATLAS_CLIENT_SECRET": CLIENT_SECRET,
        "MONGODB_ATLAS_PROJECT_ID": ATLAS_PROJECT,
        "OTC_LTS_ENDPOINT": url,
        "OS_AUTH_URL": f"{url}/v3",
        "OS_USERNAME": "log-operator",
        "OS_PASSWORD": OTC_PASSWORD,
        "OS_USER_DOMAIN_NAME": "OTC00000000001000000001",
        "OS_PROJECT_NAME": "eu-de",
        "CIELO24_BASE_URL": url,
        "CIELO24_USERNAME": "newsroom",
        "CIELO24_PASSWORD": CIELO24_PASSWORD,
    }

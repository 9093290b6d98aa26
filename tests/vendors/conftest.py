# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os

import openstack
import pytest
from sandbox_process import Sandbox
from seeded_lts import DOMAIN, USERS

# What the clients would take settings from, and where requests looks for proxies.
_SETTINGS = ("OS_", "HUAWEICLOUD_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")

# What is out of date in the clients is their authors' business.
_WARNINGS = ("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")


def pytest_configure(config):
    for warning in _WARNINGS:
        config.addinivalue_line("filterwarnings", warning)


@pytest.fixture(autouse=True)
def _no_settings_of_the_caller(monkeypatch):
    for name in list(os.environ):
        if name.upper().startswith(_SETTINGS):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def sandbox_process():
    with Sandbox() as running:
        yield running


@pytest.fixture
def sandbox(sandbox_process):
    """The sandbox as its default seed describes it. Its clock goes: clients sign with the time of this machine."""
    sandbox_process.reset()
    return sandbox_process


@pytest.fixture
def connect(sandbox, tmp_path, monkeypatch):
    """Connects openstacksdk by a clouds.yaml.

    :param auth: what is to be different in the section `auth`; None takes a value away.
    :param settings: further keys of the cloud.
    """
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "clouds.yaml"))
    opened = []

    def open_cloud(auth=None, **settings):
        whole = {
            "auth_url": f"{sandbox.url}/v3",
            "username": "log-operator",
            "password": USERS["log-operator"]["password"],
            "user_domain_name": DOMAIN["name"],
            "project_name": "eu-de",
            "project_domain_name": DOMAIN["name"],
            **(auth or {}),
        }
        cloud = {"region_name": "eu-de", "auth": {name: value for name, value in whole.items() if value}, **settings}
        # JSON is YAML.
        (tmp_path / "clouds.yaml").write_text(json.dumps({"clouds": {"sandbox": cloud}}))
        opened.append(openstack.connect(cloud="sandbox"))
        return opened[-1]

    yield open_cloud
    for connection in opened:
        connection.close()

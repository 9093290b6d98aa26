# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of the documentation run as they stand, but for the addresses."""

from __future__ import annotations

import os
import re
from pathlib import Path

import accounts
import pytest
import yaml
from ansible_process import Ansible
from running import module

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py"))
VARIABLES = {
    "ops_manager_public_key": "sandboxkey",
    "ops_manager_private_key": accounts.PRIVATE_KEY,
    "atlas_public_key": "sandboxkey",
    "atlas_private_key": accounts.PRIVATE_KEY,
    "atlas_client_id": accounts.CLIENT_ID,
    "atlas_client_secret": accounts.CLIENT_SECRET,
    "otc_token": accounts.LTS_TOKEN,
    "otc_password": accounts.OTC_PASSWORD,
    "otc_mfa_password": accounts.OTC_MFA_PASSWORD,
    "otc_passcode": accounts.OTC_PASSCODE,
    "otc_secret_key": accounts.OTC_SECRET_KEY,
    "otc_temporary_secret_key": accounts.OTC_TEMPORARY_SECRET_KEY,
    "otc_security_token": accounts.OTC_SECURITY_TOKEN,
    "cielo24_token": accounts.CIELO24_TOKEN,
    "cielo24_api_key": accounts.CIELO24_KEY,
    "cielo24_password": accounts.CIELO24_PASSWORD,
}
HOSTS = [
    "https://opsmanager.example.net:8443",
    "https://lts.eu-de.otc.t-systems.com",
    "https://iam.eu-de.otc.t-systems.com",
    "https://api.cielo24.com",
]

# The examples of changing modules that change nothing.
WAITS_ONLY = {"Follow two restores that someone else started until both end, even if one fails"}


@pytest.mark.parametrize("name", MODULES)
def test_every_example_runs_and_changes_something_unless_it_only_reads_or_waits(sandbox, tmp_path, name):
    text = module(name).EXAMPLES
    for host in HOSTS:
        text = text.replace(host, sandbox.url)
    text = text.replace("region: eu-de", f"endpoint: {sandbox.url}\n    auth_url: {sandbox.url}/v3")
    text = text.replace("/tmp/", f"{tmp_path}/").replace("wait_interval: 10", "wait_interval: 0.2")
    # Nobody else need exist on the machine that runs the tests.
    text = re.sub(
        r"owner: \w+", f'owner: "{os.geteuid()}"', re.sub(r"group: \w+$", f'group: "{os.getegid()}"', text, flags=re.M)
    )
    (tmp_path / "interview.mp4").write_bytes(b"media")
    # What is waited for ends within some minutes of the sandbox's clock.
    sandbox.clock(tick=90)
    tasks = yaml.safe_load(text)
    names = {task["register"]: f"result_{number}" for number, task in enumerate(tasks) if "register" in task}
    text = yaml.safe_dump(tasks)
    for registered, number in names.items():
        text = text.replace(f"{registered}.", f"{number}.")
    (tmp_path / "clouds.yaml").write_text(accounts.clouds_yaml(sandbox.url), "utf-8")
    environment = {
        "MONGODB_ATLAS_BASE_URL": sandbox.url,
        "CIELO24_BASE_URL": sandbox.url,
        "OS_CLIENT_CONFIG_FILE": str(tmp_path / "clouds.yaml"),
    }
    done, results = Ansible(tmp_path).playbook(yaml.safe_load(text), variables=VARIABLES, **environment)
    assert done.returncode == 0, done.stdout
    for task, result in zip(tasks, results):
        assert not result.get("failed"), result
        assert not result.get("skipped"), task["name"]
        if not name.endswith(("_info", "_check")):
            assert result["changed"] is (task["name"] not in WAITS_ONLY), task["name"]

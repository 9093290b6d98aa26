# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook doctor, as a user runs it against the sandbox."""

from __future__ import annotations

import json

import accounts
import pytest
from ansible_process import Ansible


def connections(url, **wrong):
    """Connections to all four services."""
    found = {
        "log_collection": accounts.log_collection(url),
        "atlas": accounts.atlas(url),
        "lts": accounts.lts(url),
        "cielo24": accounts.cielo24(url),
    }
    return {service: {**params, "timeout": 5, **wrong.get(service, {})} for service, params in found.items()}


def doctor(tmp_path, **variables):
    ansible = Ansible(tmp_path)
    return ansible.run_collection_playbook("doctor", "-e", json.dumps(variables), ANSIBLE_SHOW_CUSTOM_STATS="1")


@pytest.mark.parametrize("check_mode", [False, True])
def test_doctor_shows_a_table_of_all_connections_and_changes_nothing(sandbox, tmp_path, check_mode):
    ansible = Ansible(tmp_path)
    mode = ["--check"] if check_mode else []
    variables = json.dumps({"doctor_connections": connections(sandbox.url)})
    before = sandbox.state()
    done = ansible.run_collection_playbook("doctor", "-e", variables, *mode, ANSIBLE_SHOW_CUSTOM_STATS="1")
    assert done.returncode == 0, done.stdout
    assert sandbox.state() == before
    for service in connections(sandbox.url):
        assert f"{service:<14}  list" in done.stdout
    assert '"saasops_jobs_doctor_errors": 0' in done.stdout
    assert '"saasops_jobs_doctor_warnings": 0' in done.stdout
    assert not any(secret in done.stdout + done.stderr for secret in accounts.SECRETS)


def test_doctor_fails_with_what_to_do_and_has_checked_the_other_connections(sandbox, tmp_path):
    wrong = connections(sandbox.url, atlas={"private_key": "0" * 36})
    done = doctor(tmp_path, doctor_connections=wrong, doctor_services="atlas\ncielo24\n")
    assert done.returncode == 2
    assert "cielo24  list" in done.stdout
    assert "atlas, sign_in:" in done.stdout
    assert "Check the API key or service account." in done.stdout


def test_doctor_without_services_says_what_to_set_and_sends_nothing(sandbox, tmp_path):
    done = doctor(tmp_path)
    assert done.returncode == 2
    assert "Set doctor_services to what is to be checked" in done.stdout
    assert sandbox.requests() == []

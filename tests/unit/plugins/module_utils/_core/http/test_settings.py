# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec

DEFAULTS = {name: spec.get("default") for name, spec in {**argspec.HTTP, **argspec.WAIT}.items()}


def test_defaults_are_accepted():
    settings = HttpSettings.from_params(DEFAULTS)
    assert (settings.timeout, settings.verify, settings.max_concurrency, settings.backoff.retries) == (30, True, 32, 4)


@pytest.mark.parametrize(
    "option, value",
    [
        ("timeout", 0),
        ("timeout", -1),
        ("timeout", float("nan")),
        ("timeout", float("inf")),
        ("retries", -1),
        ("max_concurrency", 0),
        ("max_concurrency", 65),
        ("wait_interval", 0),
        ("wait_max_interval", 0),
        ("wait_max_interval", float("nan")),
        ("wait_timeout", -1),
    ],
)
def test_a_number_out_of_range_is_refused(option, value):
    with pytest.raises(InvalidInput, match=f"{option} must be from"):
        HttpSettings.from_params({**DEFAULTS, option: value})


@pytest.mark.parametrize("agent", ["", " x", "a\nb", "\u00fc"])
def test_a_malformed_agent_is_refused(agent):
    with pytest.raises(InvalidInput, match="http_agent"):
        HttpSettings.from_params({**DEFAULTS, "http_agent": agent})


def test_a_missing_ca_is_refused():
    with pytest.raises(InvalidInput, match="/no/such.pem"):
        HttpSettings.from_params({**DEFAULTS, "ca_path": "/no/such.pem"})


def test_a_ca_is_used_only_if_certificates_are_checked(tmp_path):
    assert HttpSettings.from_params({**DEFAULTS, "ca_path": str(tmp_path)}).verify == str(tmp_path)
    assert HttpSettings.from_params({**DEFAULTS, "ca_path": str(tmp_path), "validate_certs": False}).verify is False

# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import environment
from ansible_collections.saasops.jobs.plugins.module_utils._core.redaction import arguments

PASSWORD = "s3cret-pass"
ADDRESS = f"https://user:{PASSWORD}@host.example.net"
MODULES = sorted(path.stem for path in (Path(__file__).parents[6] / "plugins" / "modules").glob("[a-z]*.py"))
SPEC = {
    "url": {"type": "str", "aliases": ["href"], **arguments.ADDRESS},
    "note": {"type": "str"},
    "names": {"type": "list", "elements": "str"},
    "mode": {"type": "str", "choices": ["automated", "manual"]},
    "order": {
        "type": "dict",
        "options": {"callback": {"type": "str", **arguments.ADDRESS}, "free": {"type": "dict"}},
    },
    "server": environment.address(["TEST_SERVER_ADDRESS"]),
}


@pytest.mark.parametrize(
    "given",
    [
        {"url": ADDRESS},
        {"href": ADDRESS},
        {"order": {"callback": ADDRESS}},
        {"order": {"free": {"deep": [ADDRESS]}}},
        # A dictionary as text
        {"order": f"callback={ADDRESS}"},
        {"order": f'{{"callback": "{ADDRESS}"}}'},
        {"order": f"{{callback: {ADDRESS}/}}"},
        {"note": f"See {ADDRESS}, please."},
        {"names": ["a", f"{ADDRESS}/b"]},
        {"url": {"of": ["another", "type", ADDRESS]}},
        # Misspelt
        {"pasword": PASSWORD},
        {"order": {"pasword": [PASSWORD]}},
        {"order": f"pasword={PASSWORD}"},
        {"order": f'{{"pasword": "{PASSWORD}"}}'},
    ],
)
def test_secrets_are_found_wherever_an_argument_holds_them(given):
    assert PASSWORD in arguments.secrets(SPEC, given)


@pytest.mark.parametrize(
    "address", [ADDRESS.replace("https://", ""), f"https://user:{PASSWORD}@host:port/", f"//{ADDRESS}"]
)
def test_a_url_that_cannot_be_parsed_is_secret_as_a_whole(address):
    assert address in arguments.secrets(SPEC, {"url": address})


def test_secrets_in_a_url_from_the_environment_are_found(monkeypatch):
    monkeypatch.setenv("TEST_SERVER_ADDRESS", ADDRESS)
    assert PASSWORD in arguments.secrets(SPEC, {})
    assert PASSWORD not in arguments.secrets(SPEC, {"server": "https://host.example.net"})


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"url": "https://host.example.net:8443", "server": "HTTPS://HOST.example.net/?"},
        {"note": "saasops/1.0 (+https://example.net/about)"},
        {"url": None, "names": None, "order": None},
        {"names": [1, True, {"a": None}]},
        {"mode": "other", "order": {"free": {"number": 12345678}}},
        # Misspelt, and no secret: a word of the module itself, or too short to be hidden everywhere.
        {"node": "automated", "stat": "short"},
        # Ansible's own
        {"_ansible_tmpdir": "/tmp/ansible-tmp-1", "_ansible_no_log": False},
    ],
)
def test_harmless_arguments_hold_no_secrets(given):
    assert arguments.secrets(SPEC, given) == set()


def test_half_a_surrogate_pair_in_an_argument_does_no_harm():
    assert "wrong \ud83c option" in arguments.secrets(SPEC, {"wrong": "wrong \ud83c option"})


def test_a_long_text_is_searched_in_linear_time():
    text = "https" * 50_000
    assert arguments.secrets(SPEC, {"note": f"{text} {ADDRESS}"}) >= {PASSWORD}


@pytest.mark.parametrize("module", MODULES)
def test_every_option_for_a_url_is_declared_as_one(module):
    spec = importlib.import_module(f"ansible_collections.saasops.jobs.plugins.modules.{module}").ARGUMENT_SPEC
    named = {name: option for name, option in _all_options(spec) if name.endswith(("url", "endpoint"))}
    assert named
    for name, option in named.items():
        assert option.get("context") == arguments.ADDRESS["context"], name


def _all_options(spec):
    for name, option in spec.items():
        yield name, option
        yield from _all_options(option.get("options", {}))

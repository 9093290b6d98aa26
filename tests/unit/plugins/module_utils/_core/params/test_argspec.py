# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import AnsibleFallbackNotFound
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec

DEFAULTS = {name: spec.get("default") for name, spec in {**argspec.HTTP, **argspec.WAIT}.items()}


def test_defaults_are_accepted():
    settings = argspec.http_settings(DEFAULTS)
    assert (settings.timeout, settings.verify, settings.max_concurrency, settings.backoff.retries) == (30, True, 8, 4)


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
        ("wait_timeout", -1),
    ],
)
def test_numbers_out_of_range(option, value):
    with pytest.raises(InvalidInput, match=f"{option} must be from"):
        argspec.http_settings({**DEFAULTS, option: value})


@pytest.mark.parametrize("agent", ["", " x", "a\nb", "\u00fc"])
def test_malformed_agent(agent):
    with pytest.raises(InvalidInput, match="http_agent"):
        argspec.http_settings({**DEFAULTS, "http_agent": agent})


def test_missing_ca():
    with pytest.raises(InvalidInput, match="/no/such.pem"):
        argspec.http_settings({**DEFAULTS, "ca_path": "/no/such.pem"})


def test_ca_is_used(tmp_path):
    assert argspec.http_settings({**DEFAULTS, "ca_path": str(tmp_path)}).verify == str(tmp_path)
    assert argspec.http_settings({**DEFAULTS, "ca_path": str(tmp_path), "validate_certs": False}).verify is False


def test_the_environment(monkeypatch):
    for name in ("JOBS_A", "JOBS_B", "JOBS_C"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(AnsibleFallbackNotFound):
        argspec.environment("JOBS_A", "JOBS_B")
    # An empty one does not hide another.
    monkeypatch.setenv("JOBS_A", "")
    monkeypatch.setenv("JOBS_B", "b")
    monkeypatch.setenv("JOBS_C", "c")
    value = argspec.environment("JOBS_A", "JOBS_B", "JOBS_C")
    assert value == "b"
    assert not argspec.is_own({"a": value}, "a")
    # What the task gives is its own, also if the environment has the same.
    assert argspec.is_own({"a": "b"}, "a")
    assert not argspec.is_own({"a": None}, "a")


def test_which_option_counts():
    there, here = argspec.FromEnvironment("x"), "y"
    assert argspec.preferred({"a": there, "b": here}, "a", "b") == "b"
    assert argspec.preferred({"a": there, "b": there}, "a", "b") == "a"
    assert argspec.preferred({"a": None, "b": there}, "a", "b") == "b"
    assert argspec.preferred({"a": None, "b": ""}, "a", "b") is None


WAYS = (("token",), ("key", "secret"), ("user", "password"))


@pytest.mark.parametrize(
    "own, environment, way",
    [
        ("token", "", "token"),
        ("token", "key secret", "token"),
        ("token", "user", "token"),
        ("key secret", "token user password", "key secret"),
        ("user", "password", "user password"),
        ("user", "password token", "user password"),
        ("", "token key secret", "token"),
        ("", "key secret user password", "key secret"),
        ("", "key user password", "user password"),
        ("user", "", None),
        ("user", "key secret", None),
        ("token key secret", "", None),
        ("token key", "secret", None),
        ("", "", None),
        ("", "key", None),
    ],
)
def test_which_credentials_count(own, environment, way):
    params = dict.fromkeys(["token", "key", "secret", "user", "password"])
    params.update({option: argspec.FromEnvironment("x") for option in environment.split()})
    params.update(dict.fromkeys(own.split(), "x"))
    if way is None:
        with pytest.raises(InvalidInput, match="Give exactly one of: words"):
            argspec.way_to_sign_in(params, WAYS, "words")
    else:
        assert argspec.way_to_sign_in(params, WAYS, "words") == set(way.split())


KEY, SECRET = ["ONE_KEY", "ONE_OLD_KEY", "TWO_KEY"], ["ONE_SECRET", "TWO_SECRET"]


@pytest.mark.parametrize(
    "variables, values",
    [
        ("ONE_KEY ONE_SECRET TWO_KEY TWO_SECRET", ("ONE_KEY", "ONE_SECRET")),
        ("ONE_OLD_KEY ONE_SECRET", ("ONE_OLD_KEY", "ONE_SECRET")),
        ("ONE_KEY TWO_KEY TWO_SECRET", ("TWO_KEY", "TWO_SECRET")),
        ("ONE_SECRET TWO_KEY TWO_SECRET", ("TWO_KEY", "TWO_SECRET")),
        ("ONE_KEY TWO_SECRET", None),
        ("ONE_SECRET TWO_KEY", None),
        ("ONE_KEY", None),
    ],
)
def test_halves_of_two_pairs_are_never_put_together(monkeypatch, variables, values):
    for name in (*KEY, *SECRET):
        monkeypatch.setenv(name, name if name in variables.split() else "")
    spec = {"key": argspec.pair(KEY, SECRET), "secret": argspec.pair(SECRET, KEY, no_log=True)}
    params = ArgumentSpecValidator(spec).validate({}).validated_parameters
    if values:
        assert argspec.way_to_sign_in(params, [["key", "secret"]], "words") == {"key", "secret"}
        assert (params["key"], params["secret"]) == values
        assert not params["key"].is_lone
        return
    with pytest.raises(InvalidInput, match="Halves without the other half of the same prefix: [A-Z]+_[A-Z]+"):
        argspec.way_to_sign_in(params, [["key", "secret"]], "words")
    # The task may give the other half itself.
    half = next(option for option in ("key", "secret") if params[option])
    both = {**dict.fromkeys(["key", "secret"], "own"), half: params[half]}
    assert argspec.way_to_sign_in(both, [["key", "secret"]], "words") == {"key", "secret"}


@pytest.mark.parametrize("value", [True, False])
def test_a_word_that_yaml_takes_for_a_bool_is_no_number(value):
    with pytest.raises(InvalidInput, match="max_deletions must be from 0"):
        argspec.check_limits({"max_deletions": value})

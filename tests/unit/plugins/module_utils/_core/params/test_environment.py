# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import AnsibleFallbackNotFound
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.environment import (
    FromEnvironment,
    first_set,
    is_own,
    pair,
    preferred,
    way_to_sign_in,
)


def test_the_first_variable_that_is_not_empty_counts(monkeypatch):
    for name in ("JOBS_A", "JOBS_B", "JOBS_C"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(AnsibleFallbackNotFound):
        first_set("JOBS_A", "JOBS_B")
    # An empty one does not hide another.
    monkeypatch.setenv("JOBS_A", "")
    monkeypatch.setenv("JOBS_B", "b")
    monkeypatch.setenv("JOBS_C", "c")
    value = first_set("JOBS_A", "JOBS_B", "JOBS_C")
    assert value == "b"
    assert not is_own({"a": value}, "a")
    # What the task gives is its own, also if the environment has the same.
    assert is_own({"a": "b"}, "a")
    assert not is_own({"a": None}, "a")


def test_an_option_of_the_task_is_preferred_to_one_of_the_environment():
    there, here = FromEnvironment("x"), "y"
    assert preferred({"a": there, "b": here}, "a", "b") == "b"
    assert preferred({"a": there, "b": there}, "a", "b") == "a"
    assert preferred({"a": None, "b": there}, "a", "b") == "b"
    assert preferred({"a": None, "b": ""}, "a", "b") is None


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
def test_credentials_of_the_task_are_preferred_and_must_be_one_complete_way(own, environment, way):
    params = dict.fromkeys(["token", "key", "secret", "user", "password"])
    params.update({option: FromEnvironment("x") for option in environment.split()})
    params.update(dict.fromkeys(own.split(), "x"))
    if way is None:
        with pytest.raises(InvalidInput, match="Give exactly one of: words"):
            way_to_sign_in(params, WAYS, "words")
    else:
        assert way_to_sign_in(params, WAYS, "words") == set(way.split())


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
def test_halves_of_two_pairs_are_never_combined(monkeypatch, variables, values):
    for name in (*KEY, *SECRET):
        monkeypatch.setenv(name, name if name in variables.split() else "")
    spec = {"key": pair(KEY, SECRET), "secret": pair(SECRET, KEY, no_log=True)}
    params = ArgumentSpecValidator(spec).validate({}).validated_parameters
    if values:
        assert way_to_sign_in(params, [["key", "secret"]], "words") == {"key", "secret"}
        assert (params["key"], params["secret"]) == values
        assert not params["key"].is_lone
        return
    with pytest.raises(InvalidInput, match="^[A-Z]+_[A-Z]+ is set without the other half of its pair"):
        way_to_sign_in(params, [["key", "secret"]], "words")
    # The task may give the other half itself.
    half = next(option for option in ("key", "secret") if params[option])
    both = {**dict.fromkeys(["key", "secret"], "own"), half: params[half]}
    assert way_to_sign_in(both, [["key", "secret"]], "words") == {"key", "secret"}

# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check, real, real again, check again: the promise that every changing module makes."""

from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.placeholders import is_placeholder
from running import run
from scenarios import SCENARIOS, entries

# How the service spells what it was asked for is its own affair.
SPELLED_BY_THE_SERVICE = ("resourceType", "logTypes")


def comparable(result):
    return {key: value for key, value in result.items() if key != "warnings"}


def known_beforehand(fields):
    return [name for name, value in fields.items() if name not in SPELLED_BY_THE_SERVICE and not is_placeholder(value)]


def assert_came_true(predicted, real):
    """The real run did what was predicted; of what was created, only the service knows all."""
    assert set(real) == set(predicted)
    assert real["summary"] == predicted["summary"]
    for wanted, found in zip(entries(predicted), entries(real)):
        if wanted["action"] != "create":
            assert found == wanted
            continue
        assert is_placeholder(wanted["id"])
        assert found["id"] and not is_placeholder(found["id"])
        known = known_beforehand(wanted)
        assert {name: found[name] for name in known} == {name: wanted[name] for name in known}
    for side in ("before", "after"):
        assert set(real["diff"][side]) == set(predicted["diff"][side])
        for key, wanted in predicted["diff"][side].items():
            known = known_beforehand(wanted or {})
            assert {name: real["diff"][side][key][name] for name in known} == {name: wanted[name] for name in known}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=repr)
def test_each_change_is_predicted_done_and_idempotent(sandbox, scenario):
    sandbox.variants(**scenario.variants)
    arguments = scenario.arguments(sandbox.url)
    before = sandbox.state()

    predicted = run(scenario.module, arguments, check=True)
    assert sandbox.acted() == 0
    assert sandbox.state() == before
    assert predicted["changed"] is True

    real = run(scenario.module, arguments)
    assert "failed" not in real
    assert sandbox.acted() == scenario.changes
    assert_came_true(predicted, real)
    after = sandbox.state()
    assert after != before

    sandbox.forget_requests()
    again = run(scenario.module, arguments)
    assert again["changed"] is False
    assert "failed" not in again
    assert all(entry["action"] == "none" for entry in entries(again))

    check_again = run(scenario.module, arguments, check=True)
    assert comparable(check_again) == comparable(again)
    assert sandbox.acted() == 0
    assert sandbox.state() == after

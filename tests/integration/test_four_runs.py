# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check, real, real again, check again: the promise that every changing module makes."""

from __future__ import annotations

import pytest
from running import run
from scenarios import SCENARIOS


def comparable(result):
    return {key: value for key, value in result.items() if key != "warnings"}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=repr)
def test_check_real_real_check(sandbox, scenario):
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
    assert comparable(real) == comparable(predicted)
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


def entries(result):
    return result.get("jobs") or result["log_streams"]

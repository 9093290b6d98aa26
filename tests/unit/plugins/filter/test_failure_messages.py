# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.filter import failure_messages
from role_templates import evaluate

LOOP = "One or more items failed"


@pytest.mark.parametrize(
    ("result", "messages"),
    [
        ({"failed": True, "msg": "No."}, ["No."]),
        ({"failed": False, "msg": "Yes."}, []),
        ({"failed": True, "msg": LOOP, "results": [{"msg": "Yes."}, {"failed": True, "msg": "No."}]}, ["No."]),
        ({"failed": True, "msg": LOOP, "results": [{"failed": True, "msg": "No."}] * 2}, ["No."]),
        ({"failed": True, "msg": LOOP, "results": [{"failed": True}]}, [LOOP]),
    ],
    ids=["a failed task", "one that did not fail", "a failed item", "the same twice", "an item without a message"],
)
def test_failure_messages_of(result, messages):
    assert evaluate("result | failure_messages", failure_messages, result=result) == messages

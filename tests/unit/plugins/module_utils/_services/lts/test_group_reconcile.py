# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.name_filter import KEPT, NameFilter
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.group_reconcile import (
    AbsentGroupReconciler,
    GroupContents,
    PresentGroupReconciler,
)
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.ttl_and_tags import TtlAndTags

APP = {"log_group_id": "g1", "log_group_name": "app", "ttl_in_days": 7}
STREAMS = ({"log_stream_id": "s1", "log_stream_name": "web"},)
TRANSFERS = ({"log_transfer_id": "t1", "log_transfer_info": {"log_transfer_status": "ENABLE"}},)


def plan(reconciler, observed):
    """Plans twice: a plan depends on nothing but its arguments."""
    change = reconciler.plan("app", observed, None)
    assert reconciler.plan("app", observed, None) == change
    return change


def plan_absent(observed, recursive=False, keep=None):
    name_filter = NameFilter({"name_pattern": None, "keep": keep, "state": "absent"})
    return plan(
        AbsentGroupReconciler(None, "log_group_name", name_filter, HttpSettings(), TaskContext(), recursive=recursive),
        observed,
    )


def test_present_creates_a_missing_group_with_the_default_ttl():
    change = plan(PresentGroupReconciler(None, "log_group_name", TtlAndTags(None, {"a": "1"}, True)), None)
    assert change.action == "create"
    assert change.after == {"log_group_name": "app", "ttl_in_days": 30, "tag": {"a": "1"}}


def test_present_refuses_a_missing_group_that_is_named_by_id():
    change = plan(PresentGroupReconciler(None, "log_group_id", TtlAndTags(None, None, True)), None)
    assert "New ones are created by log_group_names" in change.refusal


@pytest.mark.parametrize("ttl_in_days, action", [(None, "none"), (7, "none"), (8, "update")])
def test_present_updates_what_differs(ttl_in_days, action):
    reconciler = PresentGroupReconciler(None, "log_group_name", TtlAndTags(ttl_in_days, None, True))
    assert plan(reconciler, APP).action == action


@pytest.mark.parametrize("recursive", [True, False])
def test_absent_deletes_an_empty_group(recursive):
    change = plan_absent(GroupContents(APP), recursive)
    assert (change.action, change.before, change.extra) == ("delete", {"log_group_name": "app"}, {})


def test_absent_refuses_a_group_with_contents():
    change = plan_absent(GroupContents(APP, STREAMS * 12, TRANSFERS))
    streams = ", ".join(["web"] * 10)
    assert f"still holds the log streams {streams} and 2 more and the log transfers t1 (ENABLE)." in change.refusal


def test_absent_deletes_a_group_with_contents_if_recursive():
    change = plan_absent(GroupContents(APP, STREAMS, TRANSFERS), recursive=True)
    assert change.before == {"log_group_name": "app", "log_streams": ["web"], "log_transfers": ["t1"]}
    assert change.extra == {"deleted_streams": ["web"], "deleted_transfers": ["t1"]}


def test_absent_keeps_what_fits_a_pattern_of_keep():
    assert plan_absent(GroupContents(APP), keep=["a*"]) == KEPT


def test_absent_leaves_a_missing_group():
    assert not plan_absent(None).acts

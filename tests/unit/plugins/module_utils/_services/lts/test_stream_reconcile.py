# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.name_filter import KEPT, NameFilter
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.stream_reconcile import (
    AbsentStreamReconciler,
    DeletionFacts,
    FeedingStream,
    deletable_ids,
)

A, B, C = "s1", "s2", "s3"


def transfer(transfer_id, *stream_ids):
    return {
        "log_transfer_id": transfer_id,
        "log_streams": [{"log_stream_id": stream_id} for stream_id in stream_ids],
        "log_transfer_info": {"log_transfer_status": "DISABLE"},
    }


def stream(stream_id, *transfers):
    return FeedingStream({"log_stream_id": stream_id, "log_stream_name": "web"}, transfers)


def plan(observed, deletable=(), delete_transfers=True, keep=None):
    """Plans twice: a plan depends on nothing but its arguments."""
    name_filter = NameFilter({"name_pattern": None, "keep": keep, "state": "absent"})
    reconciler = AbsentStreamReconciler(
        None, None, "log_stream_name", name_filter, TaskContext(), delete_transfers=delete_transfers
    )
    facts = DeletionFacts(frozenset(deletable))
    change = reconciler.plan("web", observed, facts)
    assert reconciler.plan("web", observed, facts) == change
    return change


@pytest.mark.parametrize(
    "observed, delete_transfers, deletable, action, refusal, deleted",
    [
        (None, False, {A}, "none", None, None),
        (stream(A), False, {A}, "delete", None, None),
        (stream(A, transfer("t1", A)), False, {A}, "none", "t1 (DISABLE)", None),
        (stream(A, transfer("t1", A)), True, {A}, "delete", None, ["t1"]),
        (stream(A, transfer("t1", A), transfer("t2", A, B)), True, {A, B}, "delete", None, ["t1", "t2"]),
        (stream(A, transfer("t1", A, B)), True, {A}, "none", "also fed by log streams that stay: s2", None),
        (stream(A, transfer("t1", A, B)), False, {A, B}, "none", "delete_transfers: true", None),
    ],
)
def test_absent_deletes_transfers_or_refuses(observed, delete_transfers, deletable, action, refusal, deleted):
    change = plan(observed, deletable, delete_transfers)
    assert change.action == action
    assert change.extra.get("deleted_transfers") == deleted
    assert refusal in change.refusal if refusal else change.refusal is None


def test_absent_keeps_what_fits_a_pattern_of_keep():
    assert plan(stream(A), keep=["w*"]) == KEPT


@pytest.mark.parametrize(
    "streams, gone, expected",
    [
        ([stream(A), stream(B, transfer("t1", B))], (), {A, B}),
        ([stream(A, transfer("t1", A, B)), stream(B, transfer("t1", A, B))], (), {A, B}),
        ([stream(A, transfer("t1", A, B))], (), set()),
        ([stream(A, transfer("t1", A, B))], (B,), {A}),
        # B must stay because of C, which nobody asks for; so the transfer of A and B stays, and so does A.
        ([stream(A, transfer("t1", A, B)), stream(B, transfer("t1", A, B), transfer("t2", B, C))], (), set()),
        ([stream(A, transfer("t1", "x"))], (), set()),
    ],
)
def test_deletable_streams_share_transfers_with_no_others(streams, gone, expected):
    assert deletable_ids(streams, gone) == expected

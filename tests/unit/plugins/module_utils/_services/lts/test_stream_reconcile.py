# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts import stream_reconcile


def stream(*fed_by):
    return {
        "log_stream_id": "s1",
        "log_stream_name": "web",
        "transfers": [
            {
                "log_transfer_id": transfer_id,
                "log_streams": [{"log_stream_id": each} for each in streams],
                "log_transfer_info": {"log_transfer_status": "DISABLE"},
            }
            for transfer_id, streams in fed_by
        ],
    }


@pytest.mark.parametrize(
    "observed, delete_transfers, requested, action, refusal, deleted",
    [
        (None, False, {"s1"}, "none", None, None),
        (stream(), False, {"s1"}, "delete", None, None),
        (stream(("t1", ["s1"])), False, {"s1"}, "none", "t1 (DISABLE)", None),
        (stream(("t1", ["s1"])), True, {"s1"}, "delete", None, ["t1"]),
        (stream(("t1", ["s1"]), ("t2", ["s1", "s2"])), True, {"s1", "s2"}, "delete", None, ["t1", "t2"]),
        (
            stream(("t1", ["s1", "s2"])),
            True,
            {"s1"},
            "none",
            "also fed by log streams that stay: s2",
            None,
        ),
        (stream(("t1", ["s1", "s2"])), False, {"s1", "s2"}, "none", "delete_transfers: true", None),
    ],
)
def test_plan(observed, delete_transfers, requested, action, refusal, deleted):
    change = stream_reconcile.plan_absent("web", observed, delete_transfers, requested)
    assert change.action == action
    assert change.extra.get("deleted_transfers") == deleted
    assert refusal in change.refusal if refusal else change.refusal is None


A, B, C = "s1", "s2", "s3"


def fed(stream_id, *transfers):
    """A stream and the streams that each of its transfers is fed by."""
    return {
        "log_stream_id": stream_id,
        "transfers": [{"log_streams": [{"log_stream_id": each} for each in streams]} for streams in transfers],
    }


@pytest.mark.parametrize(
    "streams, delete_transfers, gone, expected",
    [
        ([fed(A), fed(B, [B])], False, (), {A}),
        ([fed(A), fed(B, [B])], True, (), {A, B}),
        ([fed(A, [A, B]), fed(B, [A, B])], True, (), {A, B}),
        ([fed(A, [A, B])], True, (), set()),
        ([fed(A, [A, B])], True, (B,), {A}),
        # B must stay because of C, which nobody asked for; so the transfer of A and B stays, and so does A.
        ([fed(A, [A, B]), fed(B, [A, B], [B, C])], True, (), set()),
        ([fed(A, ["x"])], True, (), set()),
    ],
)
def test_streams_that_can_be_deleted_together(streams, delete_transfers, gone, expected):
    assert stream_reconcile.deletable_ids(streams, delete_transfers, gone) == expected

# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.selection import Selection
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.transfers.reconcile import (
    AbsentTransferOfStreamsReconciler,
    AbsentTransferReconciler,
    ExistingTransferReconciler,
    FedTransfers,
    FeedersFacts,
    NewTransferFacts,
    NewTransferReconciler,
)
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.transfers.spec import TransferSpec

WEB = {"log_stream_id": "s1", "log_stream_name": "web"}
API = {"log_stream_id": "s2", "log_stream_name": "api"}
DETAIL = {"obs_period": 3, "obs_period_unit": "hour", "obs_bucket_name": "logs"}


def spec(status=None, detail=None, agency=None):
    return TransferSpec(status, None, agency, detail or {})


def transfer(transfer_id, *streams, target="OBS"):
    return {
        "log_transfer_id": transfer_id,
        "log_streams": list(streams),
        "log_transfer_info": {
            "log_transfer_type": target,
            "log_transfer_status": "ENABLE",
            "log_storage_format": "RAW",
            "log_transfer_detail": DETAIL,
        },
    }


def plan(reconciler, observed, facts=None):
    """Plans twice: a plan depends on nothing but its arguments."""
    change = reconciler.plan("t1", observed, facts)
    assert reconciler.plan("t1", observed, facts) == change
    return change


def plan_new(observed, streams, wanted):
    selected = Selection("log_stream_name", ["web", "api"])
    reconciler = NewTransferReconciler(None, None, selected, wanted, TaskContext())
    return plan(reconciler, FedTransfers(observed) if observed else None, NewTransferFacts("g1", streams))


@pytest.mark.parametrize("status, action", [(None, "none"), ("ENABLE", "none"), ("DISABLE", "update")])
def test_existing_transfer_is_updated_if_it_differs(status, action):
    assert plan(ExistingTransferReconciler(None, spec(status)), transfer("t1", WEB)).action == action


@pytest.mark.parametrize(
    "observed, wanted, words",
    [
        (None, spec("DISABLE"), "t1 does not exist. New ones"),
        (transfer("t1", WEB, target="DMS"), spec("DISABLE"), "goes to DMS"),
        (transfer("t1", WEB), spec(agency={"agency_name": "a"}), "another log_agency_transfer"),
    ],
)
def test_existing_transfer_is_refused_if_it_cannot_be_updated(observed, wanted, words):
    assert words in plan(ExistingTransferReconciler(None, wanted), observed).refusal


def test_new_transfer_is_created_for_its_streams():
    change = plan_new((), (WEB, API), spec(detail=DETAIL))
    assert change.action == "create"
    assert (change.after["log_group_id"], change.after["log_streams"]) == ("g1", [WEB, API])


def test_new_transfer_is_refused_without_a_bucket():
    assert "also give obs_bucket_name, obs_period, obs_period_unit." in plan_new((), (WEB, API), spec()).refusal


def test_transfer_of_just_these_streams_is_updated():
    assert plan_new((transfer("t1", API, WEB),), (WEB, API), spec("DISABLE")).action == "update"


@pytest.mark.parametrize(
    "observed, streams",
    [
        ((transfer("t1", WEB),), (WEB, API)),
        ((transfer("t1", WEB), transfer("t2", API)), (WEB, API)),
        # Check mode predicts the other one.
        ((transfer("t1", WEB),), (WEB,)),
    ],
)
def test_transfer_of_other_streams_is_refused(observed, streams):
    assert "the streams of a transfer cannot be changed. There is: t1 (ENABLE) by web" in (
        plan_new(observed, streams, spec(detail=DETAIL)).refusal
    )


def test_absent_transfer_is_deleted_with_all_of_its_streams():
    change = plan(AbsentTransferReconciler(None), transfer("t1", WEB, API))
    assert (change.action, change.before) == ("delete", {"log_streams": ["web", "api"]})
    assert not plan(AbsentTransferReconciler(None), None).acts


def test_absent_transfer_of_streams_is_refused_if_others_feed_it():
    reconciler = AbsentTransferOfStreamsReconciler(None, None, Selection("log_stream_name", ["web"]))
    change = plan(reconciler, transfer("t1", WEB, API), FeedersFacts(frozenset({"s1"})))
    assert "is also fed by the log streams api. Name these too" in change.refusal
    assert plan(reconciler, transfer("t1", WEB), FeedersFacts(frozenset({"s1"}))).action == "delete"

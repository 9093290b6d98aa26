# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.saasops.jobs.plugins.filter import cancellation
from ansible_collections.saasops.jobs.plugins.filter.refusal import refusal

READY = {"id": "r", "status": "ready", "expiresAt": "2026-03-01T00:00:00Z"}
PREPARED = {"id": "p", "status": "in_progress"}
FETCHED = {"id": "f", "status": "in_progress", "expiresAt": "2026-03-01T00:00:00Z"}


def loop(**jobs):
    return {"results": [{"ansible_loop_var": "x", "x": cluster, "jobs": each} for cluster, each in jobs.items()]}


def test_cancellation_plan_of_ready_prepared_and_fetched_downloads_leaves_out_the_latter():
    plan = cancellation.cancellation_plan(loop(blue=[READY, PREPARED, FETCHED], green=[]))
    blue, green = {"cluster_name": "blue", "job_ids": ["r", "p"]}, {"cluster_name": "green", "job_ids": []}
    assert plan["clusters"] == [blue, green]


def test_cancellation_plan_over_the_limit_of_all_clusters_refuses():
    plan = cancellation.cancellation_plan(loop(blue=[READY], green=[PREPARED]))
    assert refusal(plan, 1) == (
        "2 downloads would be cancelled, but restore_download_sweep_max_cancellations allows 1. Nothing was changed. "
        "They are: r, p."
    )


def test_cancellation_report_of_a_partial_failure_lists_what_was_cancelled_by_cluster():
    plan = cancellation.cancellation_plan(loop(blue=[READY, PREPARED], green=[], red=[READY]))
    blue, _green, red = plan["clusters"]
    jobs = [{"id": "r", "changed": True}, {"id": "p", "changed": False, "error": {}}]
    results = [{"ansible_loop_var": "x", "x": blue, "jobs": jobs}, {"ansible_loop_var": "x", "x": red, "failed": True}]
    report = cancellation.cancellation_report(plan, {"results": results})
    assert report == {"blue": ["r"], "green": [], "red": []}


def test_cancellation_report_before_anything_was_cancelled_lists_nothing():
    plan = cancellation.cancellation_plan(loop(blue=[READY]))
    assert cancellation.cancellation_report(plan, "reserved") == {"blue": []}

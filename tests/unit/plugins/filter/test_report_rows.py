# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.saasops.jobs.plugins.filter import report_rows
from role_templates import OMIT, evaluate

NOW = datetime(2026, 3, 31, tzinfo=timezone.utc)


def group(name, streams, **conditions):
    """A result of the loop over log groups."""
    item = {"label": name, "log_group_name": name, "keep": [], "delete": ["*"], "is_swept": True, **conditions}
    listed = [{"id": stream, "log_stream_name": stream, "log_group_id": "g"} for stream in streams]
    return {"ansible_loop_var": "group", "group": item, "log_streams": listed}


def lts(streams, old=(), fed=(), groups=(), **variables):
    transfers = [{"id": "t", "log_streams": [{"log_stream_id": stream} for stream in fed]}] if fed else []
    found = {
        "groups": {"log_groups": [{"id": "g", "log_group_name": name} for name in groups]},
        "streams": {"results": [streams]},
        "old": {"results": list(old)},
        "transfers": {"log_transfers": transfers},
    }
    report = report_rows.report({"lts": found}, {"services": "lts", **variables}, NOW)
    return {row["name"]: row["would_delete"] for row in report["rows"]}


def cielo24(jobs, old, **variables):
    found = {"jobs": jobs, "old": old}
    return report_rows.report({"cielo24": found}, {"services": "cielo24", **variables}, NOW)


def test_report_services_without_a_list_are_those_with_a_connection():
    given = {"job_report_atlas_client_id": "x", "job_report_cielo24_username": "", "job_report_lts_region": OMIT}
    assert evaluate("'job_report' | report_services", report_rows, **given) == ["atlas"]


def test_report_services_with_a_list_are_these_in_the_order_of_the_report():
    given = {"job_report_services": "cielo24, lts", "job_report_atlas_client_id": "x"}
    assert evaluate("'job_report' | report_services", report_rows, **given) == ["lts", "cielo24"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, ["log_collection", "atlas"]),
        ({"job_report_cielo24_status": "Complete"}, ["log_collection", "atlas", "cielo24"]),
        ({"job_report_lts_groups": [{"log_group_name": "app"}]}, ["log_collection", "atlas"]),
        ({"job_report_lts_groups": [{"log_group_name": "app", "keep": "a"}]}, ["log_collection", "atlas", "lts"]),
    ],
)
def test_report_services_that_are_swept_are_those_with_conditions(more, expected):
    given = {"job_report_services": ["log_collection", "atlas", "lts", "cielo24"], **more}
    assert evaluate("'job_report' | report_services(swept=true)", report_rows, **given) == expected


def test_report_log_groups_without_entries_are_all_that_were_found():
    found = {"log_groups": [{"id": "1", "log_group_name": "app"}, {"id": "2"}]}
    assert evaluate("found | report_log_groups", report_rows, found=found) == [
        {"log_group_id": "1", "label": "app", "is_swept": False},
        {"log_group_id": "2", "label": "2", "is_swept": False},
    ]


def test_report_log_groups_with_entries_are_these():
    entries = [{"log_group_name": "app", "older_than": OMIT}, {"log_group_id": "2", "delete": "a, b"}]
    groups = evaluate("{} | report_log_groups", report_rows, job_report_lts_groups=entries)
    assert [(entry["label"], entry["is_swept"], entry["delete"]) for entry in groups] == [
        ("app", False, ["*"]),
        ("2", True, ["a", "b"]),
    ]


def test_report_of_log_streams_that_feed_a_transfer_keeps_them_unless_told():
    streams = group("app", ["a", "b"])
    assert lts(streams, fed=["a"]) == {"a": False, "b": True}
    assert lts(streams, fed=["a"], lts_delete_transfers="true") == {"a": True, "b": True}
    assert lts(streams, fed=["a", "other"], lts_delete_transfers=True) == {"a": False, "b": True}


def test_report_of_log_streams_deletes_old_ones_that_are_not_kept():
    conditions = {"older_than": "30d", "keep": ["b"]}
    streams = group("app", ["a", "b", "c"], **conditions)
    assert lts(streams, [group("app", ["a", "b"], **conditions)]) == {"a": True, "b": False, "c": False}
    failed = {"ansible_loop_var": "group", "group": streams["group"], "failed": True, "msg": "No."}
    assert lts(streams, [failed]) == {"a": None, "b": None, "c": None}


def test_report_of_log_streams_without_conditions_deletes_none():
    assert lts(group("app", ["a"], is_swept=False)) == {"a": False}


def test_report_of_captioning_jobs_without_conditions_deletes_none():
    jobs = {"jobs": [{"id": "1", "JobName": "A"}]}
    assert [row["would_delete"] for row in cielo24(jobs, jobs)["rows"]] == [False]
    assert [row["would_delete"] for row in cielo24(jobs, jobs, cielo24_older_than="1d")["rows"]] == [True]
    kept = cielo24(jobs, jobs, cielo24_older_than="1d", cielo24_keep=["A*"])
    assert [(row["would_delete"], row["reason"]) for row in kept["rows"]] == [(False, "kept by its name")]


def test_report_of_a_service_that_does_not_answer_has_its_error_once():
    failed = {"failed": True, "msg": "cielo24 does not answer."}
    report = cielo24(failed, {**failed}, cielo24_older_than="1d")
    assert report["errors"] == [{"service": "cielo24", "message": "cielo24 does not answer."}]
    assert report["services"][0]["is_complete"] is False
    assert report["rows"] == []


def test_report_of_strange_values_leaves_out_what_it_cannot_read():
    later = (NOW + timedelta(days=1)).isoformat()
    jobs = [
        {
            "id": "1",
            "status": "NEW",
            "creationDate": "soon",
            "uncompressedSizeTotalBytes": "12",
            "expirationDate": "never",
        },
        {"id": "2", "creationDate": later, "uncompressedSizeTotalBytes": -1},
    ]
    found = {"jobs": {"jobs": jobs}, "old": {"jobs": []}}
    given = {"services": "log_collection", "log_collection_delete_statuses": ["SUCCESS"]}
    first, second = report_rows.report({"log_collection": found}, given, NOW)["rows"]
    assert [first[name] for name in ("created", "age_days", "size_bytes", "expires")] == [None] * 4
    assert (first["state"], second["state"], second["age_days"], second["size_bytes"]) == ("NEW", "", 0.0, None)

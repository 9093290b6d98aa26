# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.saasops.jobs.plugins.filter import role_errors
from role_templates import OMIT, evaluate

LEAVE_OUT = "must not be empty; leave out what is not needed."
VALID = {
    "cielo24_purge": {"older_than": "30d", "max_deletions": 10},
    "job_report": {
        "dest": "/srv/jobs",
        "formats": "html, csv",
        "services": "cielo24",
        "log_collection_older_than": "30d",
        "log_collection_delete_statuses": ["SUCCESS"],
        "atlas_older_than": "30m",
    },
    "log_collection": {
        "resources": [{"resource_type": "REPLICASET", "resource_names": ["rsBlue"]}],
        "log_types": ["FTDC"],
        "dest": "/srv/logs",
    },
    "log_collection_sweep": {"delete": True, "older_than": "30d", "delete_statuses": ["SUCCESS"], "max_deletions": 0},
    "lts_retention": {"groups": [{"log_group_name": "app", "keep": ["api"]}], "max_deletions": "10"},
    "restore_download": {"cluster_name": "blue", "snapshot": "latest", "dest": "/srv/backups"},
    "restore_download_sweep": {"cluster_names": "blue, green", "older_than": "30m", "max_cancellations": 10},
}


def errors(role, others=None, **changes):
    variables = {f"{role}_{name}": value for name, value in {**VALID[role], **changes}.items()}
    return evaluate(f"'{role}' | role_errors", role_errors, **variables, **(others or {}))


@pytest.mark.parametrize("role", VALID)
def test_role_errors_with_valid_variables_are_none(role):
    assert errors(role) == []


@pytest.mark.parametrize("role", VALID)
def test_role_errors_with_private_variables_of_others_are_only_these(role):
    (sentence,) = errors(role, {f"__{role}_b": 1, f"__{role}_a": "", f"__{role}_c": "reserved"}, project_id="")
    assert sentence.startswith(f"__{role}_a and __{role}_b must not be set by extra variables or parameters: ")


def test_role_errors_of_an_unknown_role_fail():
    with pytest.raises(AnsibleFilterError, match="there is no role nothing"):
        evaluate("'nothing' | role_errors", role_errors)


UNLIMITED = ("job_report", "log_collection", "restore_download")


@pytest.mark.parametrize("role", [role for role in VALID if role not in UNLIMITED])
@pytest.mark.parametrize("limit", [None, "", "-1", -1, 1.5, "many", True, OMIT])
def test_role_errors_with_a_limit_that_is_no_whole_number_name_it(role, limit):
    name = "max_cancellations" if role == "restore_download_sweep" else "max_deletions"
    assert errors(role, **{name: limit}) == [f"{role}_{name} must be a whole number, and not negative."]


@pytest.mark.parametrize("role", [role for role in VALID if role not in ("cielo24_purge", "job_report")])
@pytest.mark.parametrize("value", ["", None])
def test_role_errors_with_an_empty_project_name_it(role, value):
    assert errors(role, project_id=value) == [f"{role}_project_id {LEAVE_OUT}"]


@pytest.mark.parametrize("role", ["cielo24_purge", "lts_retention"])
def test_role_errors_with_misspelt_variables_name_them(role):
    assert errors(role, keeps="x", agency="y", report="z") == [
        f"The role has no variable {role}_agency or {role}_keeps."
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"older_than": OMIT}, "Give cielo24_purge_older_than, cielo24_purge_status or cielo24_purge_name_pattern;"),
        ({"older_than": "", "keep": []}, f"cielo24_purge_keep and cielo24_purge_older_than {LEAVE_OUT}"),
        ({"sub_account": None}, f"cielo24_purge_sub_account {LEAVE_OUT}"),
        ({"status": [""]}, "item 1 of cielo24_purge_status is empty."),
        ({"keep": "Weather, Panel"}, "cielo24_purge_keep is a single text with a comma; make it a list."),
        (
            {"keep": ["A", " B", None]},
            'cielo24_purge_keep: these are empty, contain line breaks, or begin or end with spaces: [" B"',
        ),
        ({"keep": {"name": "A"}}, "item 1 of cielo24_purge_keep is a dictionary"),
        ({"keep": "[A, B]"}, "cielo24_purge_keep looks like a list, but is not one in JSON"),
    ],
)
def test_role_errors_of_cielo24_purge_with(changes, expected):
    (sentence,) = errors("cielo24_purge", **changes)
    assert sentence.startswith(expected)


@pytest.mark.parametrize("keep", [["Smith, John"], '["A, B"]', "A\nB", ["A b"]])
def test_role_errors_of_cielo24_purge_with_names_that_hold_commas_and_blanks_are_none(keep):
    assert errors("cielo24_purge", keep=keep, status="In Process, Complete") == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"groups": []}, "lts_retention_groups must not be empty."),
        ({"groups": "app"}, "lts_retention_groups must be a list of dictionaries."),
        ({"groups": [{"log_group_name": "app", "keep": OMIT}]}, "Log group app: give keep, delete or older_than;"),
        (
            {"agency_name": "", "delegated_project": None},
            f"lts_retention_agency_name and lts_retention_delegated_project {LEAVE_OUT}",
        ),
    ],
)
def test_role_errors_of_lts_retention_with(changes, expected):
    (sentence,) = errors("lts_retention", **changes)
    assert sentence.startswith(expected)


def test_role_errors_of_lts_retention_with_several_errors_name_all():
    groups = [{"log_group_name": "app"}, {"keep": []}]
    assert len(errors("lts_retention", groups=groups, max_deletions=-1, keeep=1, project_name="")) == 5


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"older_than": None}, "log_collection_sweep_older_than must not be empty; log_collection_sweep_delete: false"),
        ({"older_than": OMIT}, "log_collection_sweep_older_than must not be empty;"),
        ({"delete_statuses": []}, "log_collection_sweep_delete_statuses must not be empty."),
        (
            {"delete_statuses": "DONE, FAILURE"},
            "log_collection_sweep_delete_statuses: unknown: DONE. "
            "There are IN_PROGRESS, SUCCESS, FAILURE, MARKED_FOR_EXPIRY, EXPIRED.",
        ),
        ({"delete_statuses": ["FAILURE", None]}, "item 2 of log_collection_sweep_delete_statuses is not text"),
    ],
)
def test_role_errors_of_log_collection_sweep_with(changes, expected):
    (sentence,) = errors("log_collection_sweep", **changes)
    assert sentence.startswith(expected)


@pytest.mark.parametrize("delete", [False, "no", "false"])
def test_role_errors_of_log_collection_sweep_that_deletes_nothing_need_no_age(delete):
    assert errors("log_collection_sweep", delete=delete, older_than="") == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"cluster_names": []}, "restore_download_sweep_cluster_names must not be empty."),
        ({"cluster_names": "blue,"}, "item 2 of restore_download_sweep_cluster_names is empty."),
        ({"older_than": OMIT}, "restore_download_sweep_older_than must not be empty."),
    ],
)
def test_role_errors_of_restore_download_sweep_with(changes, expected):
    assert errors("restore_download_sweep", **changes) == [expected]


@pytest.mark.parametrize("name", ["cluster_name", "snapshot", "dest"])
@pytest.mark.parametrize("value", ["", None, OMIT])
def test_role_errors_of_restore_download_without_what_it_needs_name_it(name, value):
    assert errors("restore_download", **{name: value}) == [f"restore_download_{name} must not be empty."]


def test_role_errors_of_restore_download_with_empty_values_name_them():
    expected = f"restore_download_before and restore_download_endpoint_id {LEAVE_OUT}"
    assert errors("restore_download", before="", endpoint_id=None) == [expected]


def resources(**changes):
    return {"resources": [{"resource_type": "REPLICASET", "resource_names": ["rsBlue"], **changes}]}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"resources": []}, f"log_collection_resources {LEAVE_OUT}"),
        ({"max_age": "", "log_from": None}, f"log_collection_log_from and log_collection_max_age {LEAVE_OUT}"),
        ({"dest": ""}, f"log_collection_dest {LEAVE_OUT}"),
        (resources(resource_names=[]), f"log_collection_resources[].resource_names {LEAVE_OUT}"),
        (resources(log_types=""), f"log_collection_resources[].log_types {LEAVE_OUT}"),
        (resources(log_types="FTDC,"), "item 2 of log_collection_resources[].log_types is empty."),
        ({"resources": "rsBlue"}, "log_collection_resources must be a list of dictionaries."),
        ({"resources": ["rsBlue"]}, "log_collection_resources must be a list of dictionaries."),
        ({"resources": {"resource_names": "a"}}, "log_collection_resources must be a list of dictionaries."),
        (resources(resource_names="a\n,,b"), "item 2 of log_collection_resources[].resource_names is empty."),
        ({"log_types": ["FTDC", ""]}, "item 2 of log_collection_log_types is empty."),
    ],
)
def test_role_errors_of_log_collection_with(changes, expected):
    assert errors("log_collection", **changes) == [expected]


def test_role_errors_of_log_collection_with_omitted_and_false_values_are_none():
    assert errors("log_collection", **resources(log_from=OMIT, redacted=False), max_age=OMIT) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"dest": ""}, "job_report_dest must not be empty."),
        ({"formats": []}, "job_report_formats must not be empty."),
        ({"formats": "html, pdf"}, "job_report_formats: unknown: pdf. There are md, csv, json, html."),
        ({"services": ""}, "job_report_services must not be empty."),
        ({"services": OMIT}, "Give job_report_services, or how to reach a service, such as "),
        ({"services": "atlas"}, "job_report_atlas_cluster_names must not be empty."),
        ({"atlas_cluster_names": None}, "job_report_atlas_cluster_names must not be empty."),
        ({"atlas_older_than": ""}, "job_report_atlas_older_than must not be empty."),
        (
            {"log_collection_delete_statuses": "DONE"},
            "job_report_log_collection_delete_statuses: unknown: DONE. "
            "There are IN_PROGRESS, SUCCESS, FAILURE, MARKED_FOR_EXPIRY, EXPIRED.",
        ),
        ({"cielo24_keep": "", "lts_groups": []}, f"job_report_cielo24_keep and job_report_lts_groups {LEAVE_OUT}"),
        ({"lts_groups": "app"}, "job_report_lts_groups must be a list of dictionaries."),
        ({"lts_groups": [{"log_group_name": "app", "keep": ""}]}, f"Log group app: keep {LEAVE_OUT}"),
        ({"cielo24_keep": "A, B"}, "job_report_cielo24_keep is a single text with a comma; make it a list."),
        ({"project_id": "x"}, "The role has no variable job_report_project_id."),
    ],
)
def test_role_errors_of_job_report_name_what_is_wrong(changes, expected):
    (sentence,) = errors("job_report", **changes)
    assert sentence.startswith(expected)


def test_role_errors_of_job_report_with_log_groups_without_conditions_are_none():
    assert errors("job_report", services="lts", lts_groups=[{"log_group_name": "app"}]) == []

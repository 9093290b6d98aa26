# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""New log collection jobs, and extensions of existing ones."""

from __future__ import annotations

import pytest
from sandbox_client import ATLAS, LOGS
from sandbox_mongodb import NOW, PROJECT, assert_error, seed_of_project, seeded_log_job

VALID_BODY = {
    "resourceType": "replicaset",
    "resourceName": "rsBlue",
    "sizeRequestedPerFileBytes": 1000,
    "logTypes": ["MONGODB", "FTDC"],
    "redacted": False,
}
MILLISECONDS = (1772323200000, 1772352000000)
DATES = ("2026-03-01T00:00:00Z", "2026-03-01T08:00:00Z")
NAMES = ("logCollectionFromDate", "logCollectionToDate")
ATLAS_LOGS = LOGS.replace("public", "atlas").replace(PROJECT, ATLAS)


def create(sandbox, path=LOGS, **changes):
    return sandbox.call("POST", path, json={**VALID_BODY, **changes})


def extend(sandbox, date, **body):
    return sandbox.call("PATCH", f"{LOGS}/66f1c0de00000000000000a1", json={"expirationDate": date, **body})


def test_new_ids_do_not_depend_on_order_of_requests(sandbox):
    """Results of tasks that create several jobs concurrently can thus be compared."""
    created_ids = []
    for names in (["rsBlue", "rsRed"], ["rsRed", "rsBlue"]):
        sandbox.reset(seed_of_project())
        created_ids.append({name: create(sandbox, resourceName=name).json()["id"] for name in names})
        # Repeating the request makes another job, even if the first one was deleted.
        sandbox.call("DELETE", f"{LOGS}/{created_ids[-1]['rsBlue']}")
        assert create(sandbox).json()["id"] not in created_ids[-1].values()
    assert created_ids[0] == created_ids[1]


def test_created_job_runs_and_succeeds(sandbox):
    sandbox.reset(seed_of_project())
    response = create(sandbox)
    assert response.status_code == 201 and list(response.json()) == ["id"]
    assert sandbox.requests()[-1]["acted"] is True
    created = response.json()["id"]
    shown = sandbox.call("GET", f"{LOGS}/{created}?verbose=true").json()
    assert (shown["creationDate"], shown["expirationDate"]) == (NOW, "2026-09-30T12:00:00Z")
    assert {name: shown[name] for name in VALID_BODY} == {**VALID_BODY, "logTypes": ["FTDC", "MONGODB"]}
    assert {child["status"] for child in shown["childJobs"]} == {"IN_PROGRESS"}
    assert sandbox.state()["log_collection"][PROJECT]["jobs"] == {
        created: {"status": "IN_PROGRESS", "kept_for": 2_592_000}
    }
    sandbox.clock(advance=20)
    assert sandbox.call("GET", f"{LOGS}/{created}").json()["status"] == "SUCCESS"


def test_new_ids_are_unique_and_repeat_after_reset(sandbox):
    assert create(sandbox, redacted=None).status_code == 400
    created_ids = [create(sandbox).json()["id"] for _number in range(3)]
    assert len(set(created_ids)) == 3
    sandbox.reset()
    assert create(sandbox).json()["id"] == created_ids[0]


def test_new_job_fails_if_seed_says_so(sandbox):
    errors = [{"host": "db2:27017", "type": "FTDC", "message": "No."}]
    new = {"takes": "1m", "result": "FAILURE", "processes": ["db1:27017", "db2:27017"], "errors": errors}
    sandbox.reset(seed_of_project(new_log_jobs={**new, "total_bytes": 99}))
    created = create(sandbox).json()["id"]
    sandbox.clock(advance=60)
    shown = sandbox.call("GET", f"{LOGS}/{created}?verbose=true").json()
    assert (shown["status"], shown["uncompressedSizeTotalBytes"]) == ("FAILURE", 99)
    assert [child["hostName"] for child in shown["childJobs"] if child["status"] == "FAILURE"] == ["db2:27017"]
    assert sandbox.call("PUT", f"{LOGS}/{created}/retry").status_code == 200


@pytest.mark.parametrize(
    "changes,code,parameters",
    [
        ({"colour": 1}, "INVALID_ATTRIBUTE", ["colour"]),
        ({"redacted": None}, "MISSING_ATTRIBUTE", ["redacted"]),
        ({"redacted": "no"}, "INVALID_JSON_ATTRIBUTE", ["redacted"]),
        ({"resourceType": "HOST"}, "INVALID_ENUM_VALUE", ["HOST"]),
        ({"logTypes": ["SYSLOG"]}, "INVALID_ENUM_VALUE", ["SYSLOG"]),
        ({"logTypes": []}, "INVALID_LOG_REQUEST_TYPES", []),
        ({"sizeRequestedPerFileBytes": 0}, "INVALID_LOG_REQUEST_SIZE", []),
        ({"sizeRequestedPerFileBytes": "1"}, "INVALID_JSON_ATTRIBUTE", ["sizeRequestedPerFileBytes"]),
        ({NAMES[0]: MILLISECONDS[0]}, "MISSING_ATTRIBUTE", [NAMES[1]]),
        ({NAMES[0]: MILLISECONDS[1], NAMES[1]: MILLISECONDS[0]}, "START_DATE_AFTER_END_DATE", []),
        ({NAMES[0]: DATES[0], NAMES[1]: DATES[1]}, "INVALID_DATE_FORMAT", [DATES[0]]),
    ],
    ids=str,
)
def test_invalid_body_is_refused(sandbox, changes, code, parameters):
    assert_error(create(sandbox, **changes), 400, code, parameters)
    assert sandbox.acted() == 0


@pytest.mark.parametrize("text", ["", "{", "[]", '{"redacted": NaN}'])
def test_body_that_is_not_a_json_object_is_refused(sandbox, text):
    assert_error(sandbox.call("POST", LOGS, data=text), 400, "INVALID_JSON", [])


@pytest.mark.parametrize(
    "spelling,shown",
    [("REPLICASET", "replicaset"), ("Replica_Set", "replicaset"), ("cluster", "cluster"), ("process", "process")],
)
def test_resource_type_is_accepted_in_every_spelling(sandbox, spelling, shown):
    created = create(sandbox, resourceType=spelling).json()["id"]
    assert sandbox.call("GET", f"{LOGS}/{created}").json()["resourceType"] == shown


def test_resource_missing_from_seed_is_refused(sandbox):
    sandbox.reset(seed_of_project(resources=[{"type": "REPLICASET", "name": "rsBlue"}]))
    assert create(sandbox).status_code == 201
    assert_error(create(sandbox, resourceName="rsRed"), 400, "RESOURCE_NOT_FOUND_FOR_JOB", ["rsRed", "REPLICASET"])
    assert create(sandbox, resourceType="CLUSTER").json()["errorCode"] == "RESOURCE_NOT_FOUND_FOR_JOB"


@pytest.mark.parametrize(
    "family,form,taken,refused",
    [
        ("ops_manager", "by_product", MILLISECONDS, DATES),
        ("cloud_manager", "by_product", DATES, MILLISECONDS),
        ("ops_manager", "iso8601", DATES, MILLISECONDS),
        ("cloud_manager", "milliseconds", MILLISECONDS, DATES),
        ("ops_manager", "both", DATES, ("soon", "later")),
        ("ops_manager", "both", MILLISECONDS, (True, 5)),
    ],
)
def test_dates_are_accepted_in_format_of_product_or_variant(sandbox, family, form, taken, refused):
    sandbox.reset(seed_of_project(family=family))
    sandbox.variants(log_dates=form)
    created = create(sandbox, **dict(zip(NAMES, taken))).json()["id"]
    shown = sandbox.call("GET", f"{LOGS}/{created}").json()
    assert tuple(shown[name] for name in NAMES) == taken
    assert_error(create(sandbox, **dict(zip(NAMES, refused))), 400, "INVALID_DATE_FORMAT", [refused[0]])
    sandbox.variants(log_dates_shown=False)
    assert NAMES[0] not in sandbox.call("GET", f"{LOGS}/{created}").json()


def test_atlas_accepts_iso_dates_and_null_dates_are_ignored(sandbox):
    assert create(sandbox, ATLAS_LOGS, **dict(zip(NAMES, DATES))).status_code == 201
    assert create(sandbox, **dict.fromkeys(NAMES)).status_code == 201


def test_extension_moves_expiration_and_is_idempotent(sandbox):
    response = extend(sandbox, "2099-01-01T00:00:00Z")
    assert_error(response, 400, "EXPIRATION_DATE_TOO_DISTANT", [])
    sandbox.reset(seed_of_project(log_collection_jobs=[seeded_log_job()]))
    response = extend(sandbox, "2026-10-15T08:00:00Z")
    assert (response.status_code, response.content) == (200, b"") and sandbox.requests()[-1]["acted"] is True
    assert sandbox.call("GET", f"{LOGS}/66f1c0de00000000000000a1").json()["expirationDate"] == "2026-10-15T08:00:00Z"
    assert sandbox.state()["log_collection"][PROJECT]["jobs"]["66f1c0de00000000000000a1"] == {
        "status": "SUCCESS",
        "kept_for": 3_873_600,
    }
    assert extend(sandbox, "2026-10-15T08:00:00Z").status_code == 200
    assert sandbox.requests()[-1]["acted"] is False


@pytest.mark.parametrize(
    "body,code,parameters",
    [
        ({}, "MISSING_ATTRIBUTE", ["expirationDate"]),
        ({"expirationDate": "soon"}, "INVALID_DATE_FORMAT", ["soon"]),
        ({"expirationDate": 5}, "INVALID_DATE_FORMAT", [5]),
        ({"expirationDate": "2026-10-15T08:00:00Z", "status": "SUCCESS"}, "INVALID_ATTRIBUTE", ["status"]),
    ],
    ids=str,
)
def test_invalid_extension_is_refused(sandbox, body, code, parameters):
    assert_error(sandbox.call("PATCH", f"{LOGS}/66f1c0de00000000000000a1", json=body), 400, code, parameters)


def test_extension_is_limited_to_six_months(sandbox):
    sandbox.reset(seed_of_project(log_collection_jobs=[seeded_log_job(age="1d")]))
    # It was created on 30 August, and February has 28 days.
    assert extend(sandbox, "2027-02-28T12:00:00Z").status_code == 200
    assert_error(extend(sandbox, "2027-02-28T12:00:01Z"), 400, "EXPIRATION_DATE_TOO_DISTANT", [])
    sandbox.clock(advance="10d")
    assert extend(sandbox, "2027-02-28T12:00:01Z").status_code == 400
    sandbox.variants(extension_limit="now")
    assert extend(sandbox, "2027-03-10T12:00:00Z").status_code == 200


@pytest.mark.parametrize(
    "status,family,shown,past,far",
    [
        ("by_product", "ops_manager", 403, "EXPIRATION_DATE_MUST_BE_IN_FUTURE", "EXPIRATION_DATE_TOO_DISTANT"),
        ("by_product", "cloud_manager", 403, "EXPIRATION_DATE_MUST_BE_IN_FUTURE", "EXPIRATION_DATE_TOO_DISTANT"),
        (400, "ops_manager", 400, "JOB_EXPIRATION_DATE_IN_PAST", "JOB_EXPIRATION_DATE_EXCEEDS_MAX"),
        (403, "atlas", 403, "EXPIRATION_DATE_MUST_BE_IN_FUTURE", "EXPIRATION_DATE_TOO_DISTANT"),
        ("by_product", "atlas", 400, "JOB_EXPIRATION_DATE_IN_PAST", "JOB_EXPIRATION_DATE_EXCEEDS_MAX"),
    ],
)
def test_errors_are_those_of_product_or_variant(sandbox, status, family, shown, past, far):
    expired, running = seeded_log_job(id="66f1c0de00000000000000a2", status="EXPIRED"), "66f1c0de00000000000000a3"
    jobs = [seeded_log_job(), expired, seeded_log_job(id=running, status="IN_PROGRESS")]
    sandbox.reset(seed_of_project(family=family, log_collection_jobs=jobs))
    sandbox.variants(log_error_status=status)
    logs = LOGS.replace("public", "atlas") if family == "atlas" else LOGS

    def date(text, name="66f1c0de00000000000000a1"):
        return sandbox.call("PATCH", f"{logs}/{name}", json={"expirationDate": text})

    assert_error(date("2026-08-31T11:59:59Z"), 400, past, [])
    assert_error(date("2027-08-31T00:00:00Z"), 400, far, [6] if far.startswith("JOB") else [])
    assert_error(date("2026-09-30T00:00:00Z", expired["id"]), shown, "CANNOT_EXTEND_EXPIRED_JOB", [])
    assert date("2026-09-30T00:00:00Z", running).status_code == 200
    response = sandbox.call("GET", f"{logs}/{expired['id']}/download")
    assert_error(response, shown, "CANNOT_DOWNLOAD_EXPIRED_JOB", [expired["id"]])
    response = sandbox.call("GET", f"{logs}/{running}/download")
    assert_error(response, shown, "CANNOT_DOWNLOAD_JOB_IN_PROGRESS", [running])

# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""New log collection jobs, and the extension of old ones."""

from __future__ import annotations

import pytest
from sandbox_client import ATLAS, LOGS, PRIVATE
from test_sandbox_log_collection import PROJECT, assert_error

ASKED = {
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
NOW = "2026-08-31T12:00:00Z"


def ask(box, path=LOGS, **changes):
    return box.call("POST", path, json={**ASKED, **changes})


def world(**project):
    """A world with one project, whose clock stands still."""
    return {
        "now": NOW,
        "frozen": True,
        "mongodb": {
            "keys": [{"public_key": "sandboxkey", "private_key": PRIVATE}],
            "projects": [{"id": PROJECT, "name": "one", "family": "ops_manager", **project}],
        },
    }


def job(**fields):
    return {"id": "66f1c0de00000000000000a1", "status": "SUCCESS", **fields}


def extend(box, date, **body):
    return box.call("PATCH", f"{LOGS}/66f1c0de00000000000000a1", json={"expirationDate": date, **body})


def test_ids_do_not_depend_on_who_comes_first(box):
    """Tasks that create several jobs at a time can be compared with each other."""
    made = []
    for names in (["rsBlue", "rsRed"], ["rsRed", "rsBlue"]):
        box.reset(world())
        made.append({name: ask(box, resourceName=name).json()["id"] for name in names})
        # The same once more is another job, also when the first is gone.
        box.call("DELETE", f"{LOGS}/{made[-1]['rsBlue']}")
        assert ask(box).json()["id"] not in made[-1].values()
    assert made[0] == made[1]


def test_create(box):
    box.reset(world())
    answer = ask(box)
    assert answer.status_code == 201 and list(answer.json()) == ["id"]
    assert box.requests()[-1]["acted"] is True
    created = answer.json()["id"]
    shown = box.call("GET", f"{LOGS}/{created}?verbose=true").json()
    assert (shown["creationDate"], shown["expirationDate"]) == (NOW, "2026-09-30T12:00:00Z")
    assert {name: shown[name] for name in ASKED} == {**ASKED, "logTypes": ["FTDC", "MONGODB"]}
    assert {child["status"] for child in shown["childJobs"]} == {"IN_PROGRESS"}
    assert box.state()["log_collection"][PROJECT]["jobs"] == {created: {"status": "IN_PROGRESS", "kept_for": 2_592_000}}
    box.clock(advance=20)
    assert box.call("GET", f"{LOGS}/{created}").json()["status"] == "SUCCESS"


def test_ids_are_unique_and_come_again_after_a_reset(box):
    assert ask(box, redacted=None).status_code == 400
    made = [ask(box).json()["id"] for _number in range(3)]
    assert len(set(made)) == 3
    box.reset()
    assert ask(box).json()["id"] == made[0]


def test_the_seed_says_what_becomes_of_new_jobs(box):
    errors = [{"host": "db2:27017", "type": "FTDC", "message": "No."}]
    new = {"takes": "1m", "result": "FAILURE", "processes": ["db1:27017", "db2:27017"], "errors": errors}
    box.reset(world(new_log_jobs={**new, "total_bytes": 99}))
    created = ask(box).json()["id"]
    box.clock(advance=60)
    shown = box.call("GET", f"{LOGS}/{created}?verbose=true").json()
    assert (shown["status"], shown["uncompressedSizeTotalBytes"]) == ("FAILURE", 99)
    assert [child["hostName"] for child in shown["childJobs"] if child["status"] == "FAILURE"] == ["db2:27017"]
    assert box.call("PUT", f"{LOGS}/{created}/retry").status_code == 200


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
def test_what_cannot_be_asked_for(box, changes, code, parameters):
    assert_error(ask(box, **changes), 400, code, parameters)
    assert box.acted() == 0


@pytest.mark.parametrize("text", ["", "{", "[]", '{"redacted": NaN}'])
def test_what_is_not_json(box, text):
    assert_error(box.call("POST", LOGS, data=text), 400, "INVALID_JSON", [])


@pytest.mark.parametrize(
    "spelling,shown",
    [("REPLICASET", "replicaset"), ("Replica_Set", "replicaset"), ("cluster", "cluster"), ("process", "process")],
)
def test_spellings_of_the_resource_type(box, spelling, shown):
    created = ask(box, resourceType=spelling).json()["id"]
    assert box.call("GET", f"{LOGS}/{created}").json()["resourceType"] == shown


def test_resources_that_the_seed_names(box):
    box.reset(world(resources=[{"type": "REPLICASET", "name": "rsBlue"}]))
    assert ask(box).status_code == 201
    assert_error(ask(box, resourceName="rsRed"), 400, "RESOURCE_NOT_FOUND_FOR_JOB", ["rsRed", "REPLICASET"])
    assert ask(box, resourceType="CLUSTER").json()["errorCode"] == "RESOURCE_NOT_FOUND_FOR_JOB"


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
def test_forms_of_the_dates(box, family, form, taken, refused):
    box.reset(world(family=family))
    box.variants(log_dates=form)
    created = ask(box, **dict(zip(NAMES, taken))).json()["id"]
    shown = box.call("GET", f"{LOGS}/{created}").json()
    assert tuple(shown[name] for name in NAMES) == taken
    assert_error(ask(box, **dict(zip(NAMES, refused))), 400, "INVALID_DATE_FORMAT", [refused[0]])
    box.variants(log_dates_shown=False)
    assert NAMES[0] not in box.call("GET", f"{LOGS}/{created}").json()


def test_dates_in_an_atlas_project_and_null_dates(box):
    assert ask(box, ATLAS_LOGS, **dict(zip(NAMES, DATES))).status_code == 201
    assert ask(box, **dict.fromkeys(NAMES)).status_code == 201


def test_extend(box):
    answer = extend(box, "2099-01-01T00:00:00Z")
    assert_error(answer, 400, "EXPIRATION_DATE_TOO_DISTANT", [])
    box.reset(world(log_collection_jobs=[job()]))
    answer = extend(box, "2026-10-15T08:00:00Z")
    assert (answer.status_code, answer.content) == (200, b"") and box.requests()[-1]["acted"] is True
    assert box.call("GET", f"{LOGS}/66f1c0de00000000000000a1").json()["expirationDate"] == "2026-10-15T08:00:00Z"
    assert box.state()["log_collection"][PROJECT]["jobs"]["66f1c0de00000000000000a1"] == {
        "status": "SUCCESS",
        "kept_for": 3_873_600,
    }
    assert extend(box, "2026-10-15T08:00:00Z").status_code == 200
    assert box.requests()[-1]["acted"] is False


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
def test_what_is_no_extension(box, body, code, parameters):
    assert_error(box.call("PATCH", f"{LOGS}/66f1c0de00000000000000a1", json=body), 400, code, parameters)


def test_the_furthest_extension(box):
    box.reset(world(log_collection_jobs=[job(age="1d")]))  # made on the 30th of August; February has 28 days
    assert extend(box, "2027-02-28T12:00:00Z").status_code == 200
    assert_error(extend(box, "2027-02-28T12:00:01Z"), 400, "EXPIRATION_DATE_TOO_DISTANT", [])
    box.clock(advance="10d")
    assert extend(box, "2027-02-28T12:00:01Z").status_code == 400
    box.variants(extension_limit="now")
    assert extend(box, "2027-03-10T12:00:00Z").status_code == 200


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
def test_the_two_lists_of_errors(box, status, family, shown, past, far):
    expired, running = job(id="66f1c0de00000000000000a2", status="EXPIRED"), "66f1c0de00000000000000a3"
    jobs = [job(), expired, job(id=running, status="IN_PROGRESS")]
    box.reset(world(family=family, log_collection_jobs=jobs))
    box.variants(log_error_status=status)
    logs = LOGS.replace("public", "atlas") if family == "atlas" else LOGS

    def date(text, name="66f1c0de00000000000000a1"):
        return box.call("PATCH", f"{logs}/{name}", json={"expirationDate": text})

    assert_error(date("2026-08-31T11:59:59Z"), 400, past, [])
    assert_error(date("2027-08-31T00:00:00Z"), 400, far, [6] if far.startswith("JOB") else [])
    assert_error(date("2026-09-30T00:00:00Z", expired["id"]), shown, "CANNOT_EXTEND_EXPIRED_JOB", [])
    assert date("2026-09-30T00:00:00Z", running).status_code == 200
    answer = box.call("GET", f"{logs}/{expired['id']}/download")
    assert_error(answer, shown, "CANNOT_DOWNLOAD_EXPIRED_JOB", [expired["id"]])
    answer = box.call("GET", f"{logs}/{running}/download")
    assert_error(answer, shown, "CANNOT_DOWNLOAD_JOB_IN_PROGRESS", [running])

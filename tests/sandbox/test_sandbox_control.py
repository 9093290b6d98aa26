# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime

import pytest
import requests
from sandbox_client import ATLAS, LOGS

TOKEN = "9c3a7e51f0b84d62a1e6d5c8b7f20394"
LIST = f"/api/job/list?v=1&api_token={TOKEN}"


@pytest.mark.parametrize(
    "fault", [None, {"kind": "status", "status": 404, "at": 1}, {"kind": "html_200", "at": 1}], ids=str
)
def test_responses_are_dated_by_the_sandbox_clock(sandbox, fault):
    sandbox.clock(frozen=True, advance="400d")
    if fault:
        sandbox.fault(**fault)
    assert parsedate_to_datetime(sandbox.get(LIST).headers["Date"]).timestamp() == sandbox.now()


def test_request_log_shows_requests_until_cleared(sandbox):
    sandbox.control("POST", "clock", {"frozen": True})
    sandbox.get(LIST + "&JobStatus=Pending")
    sandbox.control("POST", "clock", {"advance": 90})
    sandbox.get("/nothing/here")
    first, second = sandbox.requests()
    assert first == {
        "n": 1,
        "method": "GET",
        "path": "/api/job/list",
        "query": {"v": "1", "api_token": "HIDDEN", "JobStatus": "Pending"},
        "service": "cielo24",
        "connection": first["connection"],
        "at": first["at"],
        "status": 200,
        "acted": False,
        "fault": None,
        "seconds": first["seconds"],
        "authorized": False,
        "sign_in": None,
    }
    assert (second["n"], second["service"], second["status"]) == (2, None, 404)
    assert second["connection"] == first["connection"] + 1
    assert second["at"] == first["at"] + 90
    sandbox.forget_requests()
    assert sandbox.requests() == []
    sandbox.get(LIST)
    assert sandbox.requests()[0]["n"] == 1


def test_request_log_numbers_connections(sandbox):
    with requests.Session() as one, requests.Session() as two:
        for session in (one, two, one, two):
            session.get(sandbox.url + LIST, timeout=10)
    numbers = [entry["connection"] for entry in sandbox.requests()]
    assert numbers[0] == numbers[2] != numbers[1] == numbers[3]


def test_control_requests_are_not_logged_and_do_not_tick(sandbox):
    sandbox.control("POST", "clock", {"frozen": True, "tick": 5})
    before = sandbox.control("GET", "clock")
    for name in ("state", "requests", "faults", "variants", "secrets", "clock"):
        sandbox.control("GET", name)
    assert sandbox.control("GET", "clock") == before and sandbox.requests() == []


def test_tick_advances_states_with_each_request(sandbox):
    sandbox.control("POST", "clock", {"frozen": True, "tick": 7})
    assert sandbox.call("PUT", f"{LOGS}/66f1c0de00000000000000a2/retry").status_code == 200
    seen = [sandbox.call("GET", f"{LOGS}/66f1c0de00000000000000a2").json()["status"] for _number in range(4)]
    assert seen == ["IN_PROGRESS", "IN_PROGRESS", "SUCCESS", "SUCCESS"]


def test_clock_can_be_advanced_frozen_and_ticked(sandbox):
    sandbox.control("POST", "reset", {"now": "2026-03-01T08:00:00Z", "frozen": True, "tick": "5s"})
    assert sandbox.control("GET", "clock") == {"now": "2026-03-01T08:00:00Z", "tick": 5.0, "frozen": True}
    assert sandbox.control("POST", "clock", {"advance": "1h30m"})["now"] == "2026-03-01T09:30:00Z"
    sandbox.get(LIST)
    assert sandbox.control("GET", "clock")["now"] == "2026-03-01T09:30:05Z"
    sandbox.control("POST", "clock", {"frozen": False, "tick": 0})
    assert sandbox.control("GET", "clock")["now"] >= "2026-03-01T09:30:05Z"


@pytest.mark.parametrize("body", [None, [], {"advance": -1}, {"advance": "soon"}, {"frozen": 1}, {"back": 1}])
def test_invalid_clock_is_refused(sandbox, body):
    assert sandbox.control("POST", "clock", body, status=400)["error"]


def test_variants_can_be_set_and_are_reset(sandbox):
    described = sandbox.control("GET", "variants")["variants"]
    assert described["missing_group_status"]["value"] == 404
    assert all(entry["meaning"] and entry["value"] == entry["default"] for entry in described.values())
    sandbox.variants(missing_group_status=400)
    assert sandbox.control("GET", "variants")["variants"]["missing_group_status"]["value"] == 400
    sandbox.control("POST", "reset")
    assert sandbox.control("GET", "variants")["variants"]["missing_group_status"]["value"] == 404


@pytest.mark.parametrize(
    "body,words",
    [
        ({"colour": 1}, "deletable_states"),
        ({"missing_group_status": 500}, "404, 400"),
        ({"missing_group_status": "404"}, "404, 400"),
        ({"total_count": 1}, "True, False"),
        ({"nonce_uses": -1}, "number"),
        ({"max_items_per_page": 0}, "number"),
        ({"latency": True}, "number"),
        ([], "mapping"),
    ],
    ids=str,
)
def test_invalid_variants_are_refused_as_a_whole(sandbox, body, words):
    if isinstance(body, dict):
        body["digest_algorithm"] = "SHA-256"
    assert words in sandbox.control("POST", "variants", body, status=400)["error"]
    assert sandbox.control("GET", "variants")["variants"]["digest_algorithm"]["value"] == "MD5"


def test_latency_delays_response(sandbox):
    sandbox.variants(latency=0.05)
    assert sandbox.get(LIST).elapsed.total_seconds() >= 0.05


def test_requests_beyond_the_concurrency_wait_for_a_place(sandbox):
    sandbox.variants(latency=0.2, concurrency=2)
    begin = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _number: sandbox.get(LIST), range(4)))
    assert time.monotonic() - begin >= 0.4
    assert all(entry["seconds"] >= 0.2 for entry in sandbox.requests())


def test_reset_restores_state_clock_and_faults(sandbox):
    start = sandbox.state()
    sandbox.variants(latency=0.001)
    sandbox.get(f"/api/job/delete?v=1&api_token={TOKEN}&job_id=c24000000000000000000000000000a4")
    sandbox.control("POST", "clock", {"advance": "10d", "tick": 3})
    sandbox.fault(at=9, kind="truncate")
    assert sandbox.state() != start
    sandbox.control("POST", "reset")
    assert sandbox.state() == start and sandbox.requests() == [] and sandbox.control("GET", "faults") == {"faults": []}
    assert sandbox.control("GET", "clock")["tick"] == 0


def test_large_seed_is_accepted(sandbox):
    jobs = [{"id": f"{n:032x}", "name": "x" * 200, "status": "Complete"} for n in range(5000)]
    sandbox.control("POST", "reset", {"cielo24": {"accounts": [{"username": "u", "password": "p", "jobs": jobs}]}})
    assert len(sandbox.state()["cielo24"]["u"]["jobs"]) == 5000


def test_reset_with_another_seed_replaces_state_until_next_reset(sandbox):
    account = {"username": "u", "password": "p", "jobs": []}
    sandbox.control("POST", "reset", {"cielo24": {"accounts": [account]}, "variants": {"login_key": "api_token"}})
    account_state = {"jobs": {}, "api_keys": 0}
    assert sandbox.state() == {"log_collection": {}, "atlas_restore": {}, "lts": {}, "cielo24": {"u": account_state}}
    assert "api_token" in sandbox.get("/api/account/login?v=1&username=u&password=p").json()
    sandbox.control("POST", "reset")
    assert ATLAS in sandbox.state()["atlas_restore"]


@pytest.mark.parametrize(
    "change,words",
    [
        (lambda s: s.update(mongo={}), "seed: mongo: is not known here"),
        (lambda s: s.update(now="soon"), "seed: now: 'soon' is not a moment"),
        (lambda s: s.update(variants={"x": 1}), "unknown variant 'x'"),
        (lambda s: s["mongodb"]["projects"][0].update(id="12"), "mongodb.projects[0].id: '12' does not look like"),
        (lambda s: s["mongodb"]["projects"][0].update(id=12), "mongodb.projects[0].id: expected text, found 12"),
        (lambda s: s["mongodb"]["projects"][1].update(name=None), "mongodb.projects[1].name: is required"),
        (
            lambda s: s["mongodb"]["projects"][0]["log_collection_jobs"][2].update(status="DONE"),
            "mongodb.projects[0].log_collection_jobs[2].status: 'DONE' is not one of SUCCESS",
        ),
        (
            lambda s: s["mongodb"]["projects"][0]["log_collection_jobs"][1]["errors"][0].update(host="x"),
            "log_collection_jobs[1].errors[0].host",
        ),
        (
            lambda s: s["mongodb"]["projects"][0]["log_collection_jobs"][0].update(age="old"),
            "log_collection_jobs[0].age: 'old' is not a length of time",
        ),
        (
            lambda s: s["mongodb"]["projects"][2]["clusters"][0]["restore_jobs"][1].update(age="3h"),
            "clusters[0].restore_jobs[1].age: the download of a ready job",
        ),
        (lambda s: s["mongodb"]["projects"][0].update(clusters=[]), "only a project of the family atlas"),
        (
            lambda s: s["lts"]["projects"][0]["groups"][1]["transfers"][0].update(streams=["nginx"]),
            "groups[1].transfers[0].streams: 'nginx' is not one of logins",
        ),
        (lambda s: s["cielo24"].update(accounts={}), "cielo24.accounts: expected a list, found dict"),
        (lambda s: s["cielo24"]["accounts"].reverse(), "accounts[1].parent: 'newsroom' is not one of"),
        (
            lambda s: s["cielo24"]["accounts"][2]["jobs"][3].update(ordered=False),
            "accounts[2].jobs[3].ordered: a job that is In Process has been ordered",
        ),
        (
            lambda s: s["cielo24"]["accounts"][2].update(more_api_keys=["x"]),
            "accounts[2].more_api_keys: requires api_key",
        ),
        (
            lambda s: s["cielo24"]["accounts"][2]["settings"].update(notes="x"),
            "accounts[2].settings.notes: is not known here",
        ),
        (
            lambda s: s["cielo24"]["accounts"][0]["jobs"].append(s["cielo24"]["accounts"][0]["jobs"][0]),
            "accounts[0].jobs[6].id: c24000000000000000000000000000a1 is there twice",
        ),
        (
            lambda s: s["mongodb"]["projects"][0]["log_collection_jobs"].append(
                {"count": 1000, "id_prefix": "66f1c0de000000000000001", "status": "SUCCESS"}
            ),
            "log_collection_jobs[6].id_prefix",
        ),
    ],
)
def test_wrong_seed_is_refused_and_changes_nothing(sandbox, seed, change, words):
    before = sandbox.state()
    sandbox.get(LIST)
    change(seed)
    assert words in sandbox.control("POST", "reset", seed, status=400)["error"]
    assert sandbox.state() == before and len(sandbox.requests()) == 1


def test_unknown_control_request_is_refused(sandbox):
    assert "GET /_sandbox/requests" in sandbox.control("GET", "nonsense", status=404)["error"]
    response = requests.post(sandbox.url + "/_sandbox/faults", data="{", timeout=10)
    assert response.status_code == 400 and "not JSON" in response.json()["error"]


def test_concurrent_deletions_delete_each_job_once(sandbox, seed):
    """Eight clients delete each job twice."""
    ids = [f"c24{'0' * 25}{n:04d}" for n in range(1, 41)]
    seed["cielo24"]["accounts"][0]["jobs"] = [
        {"count": 40, "id_prefix": "c24" + "0" * 25, "name": "bulk", "status": "Pending"}
    ]
    sandbox.control("POST", "reset", seed)
    with ThreadPoolExecutor(8) as pool:
        responses = list(
            pool.map(lambda i: sandbox.get(f"/api/job/del?v=1&api_token={TOKEN}&job_id={i}").status_code, ids + ids)
        )
    assert sorted(responses) == [200] * 40 + [400] * 40
    assert sum(entry["acted"] for entry in sandbox.requests()) == 40
    assert [entry["n"] for entry in sandbox.requests()] == list(range(1, 81))

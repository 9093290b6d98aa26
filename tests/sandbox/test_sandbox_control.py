# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

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
def test_answers_are_dated_by_the_clock_of_the_sandbox(box, fault):
    box.clock(frozen=True, advance="400d")
    if fault:
        box.fault(**fault)
    assert parsedate_to_datetime(box.get(LIST).headers["Date"]).timestamp() == box.now()


def test_request_log(box):
    box.control("POST", "clock", {"frozen": True})
    box.get(LIST + "&JobStatus=Pending")
    box.control("POST", "clock", {"advance": 90})
    box.get("/nothing/here")
    first, second = box.requests()
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
        "authorized": False,
        "sign_in": None,
    }
    assert (second["n"], second["service"], second["status"]) == (2, None, 404)
    assert second["connection"] == first["connection"] + 1
    assert second["at"] == first["at"] + 90
    box.forget_requests()
    assert box.requests() == []
    box.get(LIST)
    assert box.requests()[0]["n"] == 1


def test_connections_are_told_apart(box):
    with requests.Session() as one, requests.Session() as two:
        for session in (one, two, one, two):
            session.get(box.url + LIST, timeout=10)
    numbers = [entry["connection"] for entry in box.requests()]
    assert numbers[0] == numbers[2] != numbers[1] == numbers[3]


def test_control_requests_leave_no_trace(box):
    box.control("POST", "clock", {"frozen": True, "tick": 5})
    before = box.control("GET", "clock")
    for name in ("state", "requests", "faults", "variants", "secrets", "clock"):
        box.control("GET", name)
    assert box.control("GET", "clock") == before and box.requests() == []


def test_tick_moves_states_without_waiting(box):
    box.control("POST", "clock", {"frozen": True, "tick": 7})
    assert box.call("PUT", f"{LOGS}/66f1c0de00000000000000a2/retry").status_code == 200
    seen = [box.call("GET", f"{LOGS}/66f1c0de00000000000000a2").json()["status"] for _number in range(4)]
    assert seen == ["IN_PROGRESS", "IN_PROGRESS", "SUCCESS", "SUCCESS"]


def test_clock(box):
    box.control("POST", "reset", {"now": "2026-03-01T08:00:00Z", "frozen": True, "tick": "5s"})
    assert box.control("GET", "clock") == {"now": "2026-03-01T08:00:00Z", "tick": 5.0, "frozen": True}
    assert box.control("POST", "clock", {"advance": "1h30m"})["now"] == "2026-03-01T09:30:00Z"
    box.get(LIST)
    assert box.control("GET", "clock")["now"] == "2026-03-01T09:30:05Z"
    box.control("POST", "clock", {"frozen": False, "tick": 0})
    assert box.control("GET", "clock")["now"] >= "2026-03-01T09:30:05Z"


@pytest.mark.parametrize("body", [None, [], {"advance": -1}, {"advance": "soon"}, {"frozen": 1}, {"back": 1}])
def test_bad_clock(box, body):
    assert box.control("POST", "clock", body, status=400)["error"]


def test_variants(box):
    described = box.control("GET", "variants")["variants"]
    assert described["missing_group_status"]["value"] == 404
    assert all(entry["meaning"] and entry["value"] == entry["default"] for entry in described.values())
    box.variants(missing_group_status=400)
    assert box.control("GET", "variants")["variants"]["missing_group_status"]["value"] == 400
    box.control("POST", "reset")
    assert box.control("GET", "variants")["variants"]["missing_group_status"]["value"] == 404


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
def test_bad_variants(box, body, words):
    if isinstance(body, dict):
        body["digest_algorithm"] = "SHA-256"
    assert words in box.control("POST", "variants", body, status=400)["error"]
    assert box.control("GET", "variants")["variants"]["digest_algorithm"]["value"] == "MD5"


def test_latency(box):
    box.variants(latency=0.05)
    assert box.get(LIST).elapsed.total_seconds() >= 0.05


def test_reset_brings_everything_back(box):
    start = box.state()
    box.variants(latency=0.001)
    box.get(f"/api/job/delete?v=1&api_token={TOKEN}&job_id=c24000000000000000000000000000a4")
    box.control("POST", "clock", {"advance": "10d", "tick": 3})
    box.fault(at=9, kind="truncate")
    assert box.state() != start
    box.control("POST", "reset")
    assert box.state() == start and box.requests() == [] and box.control("GET", "faults") == {"faults": []}
    assert box.control("GET", "clock")["tick"] == 0


def test_a_large_seed_of_single_jobs(box):
    jobs = [{"id": f"{n:032x}", "name": "x" * 200, "status": "Complete"} for n in range(5000)]
    box.control("POST", "reset", {"cielo24": {"accounts": [{"username": "u", "password": "p", "jobs": jobs}]}})
    assert len(box.state()["cielo24"]["u"]["jobs"]) == 5000


def test_reset_with_another_seed_and_back(box):
    account = {"username": "u", "password": "p", "jobs": []}
    box.control("POST", "reset", {"cielo24": {"accounts": [account]}, "variants": {"login_key": "api_token"}})
    account_state = {"jobs": {}, "api_keys": 0}
    assert box.state() == {"log_collection": {}, "atlas_restore": {}, "lts": {}, "cielo24": {"u": account_state}}
    assert "api_token" in box.get("/api/account/login?v=1&username=u&password=p").json()
    box.control("POST", "reset")
    assert ATLAS in box.state()["atlas_restore"]


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
            "accounts[2].more_api_keys: keys look like",
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
def test_a_wrong_seed_changes_nothing(box, seed, change, words):
    before = box.state()
    box.get(LIST)
    change(seed)
    assert words in box.control("POST", "reset", seed, status=400)["error"]
    assert box.state() == before and len(box.requests()) == 1


def test_unknown_control_request(box):
    assert "GET /_sandbox/requests" in box.control("GET", "nonsense", status=404)["error"]
    answer = requests.post(box.url + "/_sandbox/faults", data="{", timeout=10)
    assert answer.status_code == 400 and "not JSON" in answer.json()["error"]


def test_many_clients_at_once(box, seed):
    """Every job is deleted exactly once, whoever is first."""
    ids = [f"c24{'0' * 25}{n:04d}" for n in range(1, 41)]
    seed["cielo24"]["accounts"][0]["jobs"] = [
        {"count": 40, "id_prefix": "c24" + "0" * 25, "name": "bulk", "status": "Pending"}
    ]
    box.control("POST", "reset", seed)
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda i: box.get(f"/api/job/del?v=1&api_token={TOKEN}&job_id={i}").status_code, ids + ids)
        )
    assert sorted(answers) == [200] * 40 + [400] * 40
    assert sum(entry["acted"] for entry in box.requests()) == 40
    assert [entry["n"] for entry in box.requests()] == list(range(1, 81))

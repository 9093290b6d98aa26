# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The addresses at which backups are fetched."""

from __future__ import annotations

import pytest
import requests
from sandbox_client import ATLAS
from test_sandbox_atlas_restore import JOBS, status
from test_sandbox_downloads import is_whole, members

TOKEN = "8d2b6f4eb2c14a7d9e5f0a3c"
FILE = "restore-66f1c0de00000000000000e2"


def fetch(url, **options):
    # Not over the session that has the credentials.
    with requests.Session() as session:
        session.trust_env = False
        return session.get(url, timeout=10, **options)


def urls(box, name="b2", cluster="blue"):
    return box.restores("GET", JOBS[name], cluster).json()["deliveryUrl"]


def test_a_backup_is_fetched_without_credentials(box):
    (url,) = urls(box)
    assert url == f"{box.url}/{TOKEN}/{FILE}.tar.gz"
    answer = fetch(url)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/gzip"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{FILE}.tar.gz"'
    assert is_whole(answer.content) and f"{FILE}/WiredTiger.wt" in members(answer.content)
    entry = box.requests()[-1]
    assert (entry["path"], entry["service"]) == (f"/HIDDEN/{FILE}.tar.gz", "delivery")
    assert entry["authorized"] is False and box.requests()[0]["authorized"] is False
    assert box.requests()[1]["authorized"] is True and TOKEN not in str(box.requests())


def test_credentials_that_come_along_are_seen(box):
    assert fetch(urls(box)[0], headers={"Authorization": "Bearer x"}).status_code == 200
    assert box.requests()[-1]["authorized"] is True


@pytest.mark.parametrize("used", [404, 403, 410])
def test_an_address_is_good_for_one_time(box, used):
    (url,) = urls(box)
    box.variants(used_url_status=used)
    assert fetch(url).status_code == 200
    assert box.requests()[-1]["acted"] is True
    job = box.restores("GET", JOBS["b2"]).json()
    assert job["deliveryUrl"] == [] and job["expiresAt"] and not job["expired"]
    answer = fetch(url)
    assert answer.status_code == used and answer.headers["Content-Type"].startswith("text/plain")
    assert status(box, "b2") == "in_progress" and box.acted() == 1


def test_an_address_that_breaks_off_can_be_used_again(box):
    (url,) = urls(box)
    box.fault(match={"path": FILE}, kind="cut", after=1000)
    with pytest.raises(requests.exceptions.RequestException):
        fetch(url)
    assert urls(box) == [url]
    rest = fetch(url, headers={"Range": "bytes=1000-"})
    assert rest.status_code == 206 and urls(box) == []


def test_it_can_die_with_the_first_request_or_never(box):
    (url,) = urls(box)
    box.variants(delivery_url_dies="never")
    assert fetch(url).content == fetch(url).content
    box.variants(delivery_url_dies="when_asked")
    box.fault(match={"path": FILE}, kind="cut", after=1000)
    with pytest.raises(requests.exceptions.RequestException):
        fetch(url)
    assert box.requests()[-1]["acted"] is True
    assert fetch(url).status_code == 404 and urls(box) == []


def test_ranges(box):
    (url,) = urls(box)
    box.variants(delivery_url_dies="never")
    whole = fetch(url)
    first = fetch(url, headers={"Range": "bytes=0-999", "If-Range": whole.headers["ETag"]})
    assert (first.status_code, first.content) == (206, whole.content[:1000])
    assert fetch(url, headers={"Range": "bytes=9-", "If-Range": '"another"'}).status_code == 200
    assert fetch(url, headers={"Range": "bytes=999999999-"}).status_code == 416
    box.variants(delivery_ranges=False)
    answer = fetch(url, headers={"Range": "bytes=0-999"})
    assert (answer.status_code, answer.content) == (200, whole.content) and "ETag" not in answer.headers


@pytest.mark.parametrize("way", ["expired", "cancelled"])
def test_after_the_end(box, way):
    (url,) = urls(box)
    box.variants(used_url_status=410)
    if way == "expired":
        box.clock(advance="1h")
    else:
        box.restores("DELETE", JOBS["b2"])
    assert fetch(url).status_code == 410


@pytest.mark.parametrize(
    "path",
    [
        f"/wrong/{FILE}.tar.gz",
        f"/{TOKEN}/restore-66f1c0de00000000000000e1.tar.gz",
        "/5f0e7a1cb1d24e6f8a3b9c7d/restore-66f1c0de00000000000000e1.tar.gz",  # not ready yet
    ],
)
def test_other_addresses(box, path):
    box.variants(used_url_status=410)
    answer = fetch(box.url + path)
    assert answer.status_code == 404 and answer.headers["Content-Type"].startswith("text/plain")
    assert "HIDDEN" in box.requests()[-1]["path"]


def test_only_get(box):
    assert requests.head(urls(box)[0], timeout=10).status_code == 405
    assert len(urls(box)) == 1


def test_every_shard_has_its_own_address(box):
    one, other = urls(box, "c1", "green")
    assert one != other and set(members(fetch(one).content)) != set(members(fetch(other).content))
    box.reset()
    assert fetch(one).status_code == 200
    job = box.restores("GET", JOBS["c1"], "green").json()
    assert job["deliveryUrl"] == [other]
    assert [part["downloadUrl"] for part in job["components"]] == [None, other]
    assert status(box, "c1", "green") == "ready"
    assert fetch(other).status_code == 200
    assert status(box, "c1", "green") == "in_progress"


def test_variants_and_size(box, seed):
    seed["mongodb"]["projects"][2]["clusters"][0]["restore_jobs"][1]["archive_bytes"] = 2_000_000
    box.reset(seed)
    box.variants(archive="cut_gzip", download_length=False)
    answer = fetch(urls(box)[0])
    assert "Content-Length" not in answer.headers and 1_200_000 < len(answer.content) < 1_500_000
    assert urls(box) == []


def test_new_jobs_have_addresses_of_their_own(box):
    body = {"deliveryType": "download", "snapshotId": "66f1c0de00000000000000e3"}
    job = box.restores("POST", json=body).json()["id"]
    box.clock(advance="4m")
    (url,) = box.restores("GET", job).json()["deliveryUrl"]
    assert any(token and token in url for token in box.secrets())
    assert is_whole(fetch(url).content)
    assert box.state()["atlas_restore"][ATLAS]["clusters"]["blue"]["jobs"][job]["status"] == "in_progress"


def test_a_fault_has_the_form_of_a_gateway(box):
    (url,) = urls(box)
    box.fault(match={"path": FILE}, kind="status", status=503)
    answer = fetch(url)
    assert answer.status_code == 503 and answer.headers["Content-Type"].startswith("text/plain")
    assert fetch(url).status_code == 200


@pytest.mark.parametrize("shown, count", [("one", 1), ("two", 2), ("only", 1)])
def test_addresses_of_private_endpoints(box, shown, count):
    box.variants(private_endpoints=shown)
    job = box.restores("GET", JOBS["b2"]).json()
    private = job["privateDownloadDeliveryUrls"]
    assert len({entry["endpointId"] for entry in private}) == len(private) == count
    assert bool(job["deliveryUrl"]) == (shown != "only")
    addresses = {entry["deliveryUrl"] for entry in private}
    assert len(addresses | {f"{box.url}/{TOKEN}/{FILE}.tar.gz"}) == count + 1
    answer = fetch(private[-1]["deliveryUrl"])
    assert answer.status_code == 200 and is_whole(answer.content)
    # One backup, however many addresses it has.
    after = box.restores("GET", JOBS["b2"]).json()
    assert (after["deliveryUrl"], after["privateDownloadDeliveryUrls"]) == ([], [])
    assert fetch(f"{box.url}/{TOKEN}/{FILE}.tar.gz").status_code == 404


def test_private_addresses_of_shards(box):
    assert "privateDownloadDeliveryUrls" not in box.restores("GET", JOBS["b2"]).json()
    box.variants(private_endpoints="only")
    job = box.restores("GET", JOBS["c1"], "green").json()
    assert job["deliveryUrl"] == [] and "privateDownloadDeliveryUrls" not in job
    for part in job["components"]:
        assert part["downloadUrl"] is None
        assert fetch(part["privateDownloadDeliveryUrls"][0]["deliveryUrl"]).status_code == 200
    assert status(box, "b1") == "in_progress"
    assert "privateDownloadDeliveryUrls" not in box.restores("GET", JOBS["b8"]).json()

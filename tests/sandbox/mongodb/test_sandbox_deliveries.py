# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The URLs of backups."""

from __future__ import annotations

import pytest
import requests
from sandbox_client import ATLAS
from sandbox_mongodb import RESTORE_JOBS, archive_members, is_whole_archive, restore_status

TOKEN = "8d2b6f4eb2c14a7d9e5f0a3c"
FILE = "restore-66f1c0de00000000000000e2"


def fetch(url, **options):
    # A new session, without credentials.
    with requests.Session() as session:
        session.trust_env = False
        return session.get(url, timeout=10, **options)


def urls(sandbox, name="b2", cluster="blue"):
    return sandbox.restores("GET", RESTORE_JOBS[name], cluster).json()["deliveryUrl"]


def test_backup_is_downloaded_without_credentials_and_token_is_hidden(sandbox):
    (url,) = urls(sandbox)
    assert url == f"{sandbox.url}/{TOKEN}/{FILE}.tar.gz"
    response = fetch(url)
    assert response.status_code == 200 and response.headers["Content-Type"] == "application/gzip"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{FILE}.tar.gz"'
    assert is_whole_archive(response.content) and f"{FILE}/WiredTiger.wt" in archive_members(response.content)
    entry = sandbox.requests()[-1]
    assert (entry["path"], entry["service"]) == (f"/HIDDEN/{FILE}.tar.gz", "delivery")
    assert entry["authorized"] is False and sandbox.requests()[0]["authorized"] is False
    assert sandbox.requests()[1]["authorized"] is True and TOKEN not in str(sandbox.requests())


def test_request_log_shows_credentials_sent_with_download(sandbox):
    assert fetch(urls(sandbox)[0], headers={"Authorization": "Bearer x"}).status_code == 200
    assert sandbox.requests()[-1]["authorized"] is True


@pytest.mark.parametrize("used", [404, 403, 410])
def test_url_is_used_up_by_complete_download(sandbox, used):
    (url,) = urls(sandbox)
    sandbox.variants(used_url_status=used)
    assert fetch(url).status_code == 200
    assert sandbox.requests()[-1]["acted"] is True
    job = sandbox.restores("GET", RESTORE_JOBS["b2"]).json()
    assert job["deliveryUrl"] == [] and job["expiresAt"] and not job["expired"]
    response = fetch(url)
    assert response.status_code == used and response.headers["Content-Type"].startswith("text/plain")
    assert restore_status(sandbox, "b2") == "in_progress" and sandbox.acted() == 1


def test_url_survives_interrupted_download(sandbox):
    (url,) = urls(sandbox)
    sandbox.fault(match={"path": FILE}, kind="cut", after=1000)
    with pytest.raises(requests.exceptions.RequestException):
        fetch(url)
    assert urls(sandbox) == [url]
    rest = fetch(url, headers={"Range": "bytes=1000-"})
    assert rest.status_code == 206 and urls(sandbox) == []


def test_url_lives_as_long_as_variant_says(sandbox):
    (url,) = urls(sandbox)
    sandbox.variants(delivery_url_dies="never")
    assert fetch(url).content == fetch(url).content
    sandbox.variants(delivery_url_dies="when_asked")
    sandbox.fault(match={"path": FILE}, kind="cut", after=1000)
    with pytest.raises(requests.exceptions.RequestException):
        fetch(url)
    assert sandbox.requests()[-1]["acted"] is True
    assert fetch(url).status_code == 404 and urls(sandbox) == []


def test_range_is_obeyed_unless_variant_disables_it(sandbox):
    (url,) = urls(sandbox)
    sandbox.variants(delivery_url_dies="never")
    whole = fetch(url)
    first = fetch(url, headers={"Range": "bytes=0-999", "If-Range": whole.headers["ETag"]})
    assert (first.status_code, first.content) == (206, whole.content[:1000])
    assert fetch(url, headers={"Range": "bytes=9-", "If-Range": '"another"'}).status_code == 200
    assert fetch(url, headers={"Range": "bytes=999999999-"}).status_code == 416
    sandbox.variants(delivery_ranges=False)
    response = fetch(url, headers={"Range": "bytes=0-999"})
    assert (response.status_code, response.content) == (200, whole.content) and "ETag" not in response.headers


@pytest.mark.parametrize("way", ["expired", "cancelled"])
def test_url_of_expired_or_cancelled_job_is_refused(sandbox, way):
    (url,) = urls(sandbox)
    sandbox.variants(used_url_status=410)
    if way == "expired":
        sandbox.clock(advance="1h")
    else:
        sandbox.restores("DELETE", RESTORE_JOBS["b2"])
    assert fetch(url).status_code == 410


@pytest.mark.parametrize(
    "path",
    [
        f"/wrong/{FILE}.tar.gz",
        f"/{TOKEN}/restore-66f1c0de00000000000000e1.tar.gz",
        "/5f0e7a1cb1d24e6f8a3b9c7d/restore-66f1c0de00000000000000e1.tar.gz",  # not ready yet
    ],
)
def test_unknown_url_is_not_found(sandbox, path):
    sandbox.variants(used_url_status=410)
    response = fetch(sandbox.url + path)
    assert response.status_code == 404 and response.headers["Content-Type"].startswith("text/plain")
    assert "HIDDEN" in sandbox.requests()[-1]["path"]


def test_head_is_refused_and_does_not_use_up_url(sandbox):
    assert requests.head(urls(sandbox)[0], timeout=10).status_code == 405
    assert len(urls(sandbox)) == 1


def test_each_shard_has_its_own_url(sandbox):
    one, other = urls(sandbox, "c1", "green")
    assert one != other and set(archive_members(fetch(one).content)) != set(archive_members(fetch(other).content))
    sandbox.reset()
    assert fetch(one).status_code == 200
    job = sandbox.restores("GET", RESTORE_JOBS["c1"], "green").json()
    assert job["deliveryUrl"] == [other]
    assert [part["downloadUrl"] for part in job["components"]] == [None, other]
    assert restore_status(sandbox, "c1", "green") == "ready"
    assert fetch(other).status_code == 200
    assert restore_status(sandbox, "c1", "green") == "in_progress"


def test_download_obeys_archive_variants_and_seeded_size(sandbox, seed):
    seed["mongodb"]["projects"][2]["clusters"][0]["restore_jobs"][1]["archive_bytes"] = 2_000_000
    sandbox.reset(seed)
    sandbox.variants(archive="cut_gzip", download_length=False)
    response = fetch(urls(sandbox)[0])
    assert "Content-Length" not in response.headers and 1_200_000 < len(response.content) < 1_500_000
    assert urls(sandbox) == []


def test_new_job_has_its_own_url(sandbox):
    body = {"deliveryType": "download", "snapshotId": "66f1c0de00000000000000e3"}
    job = sandbox.restores("POST", json=body).json()["id"]
    sandbox.clock(advance="4m")
    (url,) = sandbox.restores("GET", job).json()["deliveryUrl"]
    assert any(token and token in url for token in sandbox.secrets())
    assert is_whole_archive(fetch(url).content)
    assert sandbox.state()["atlas_restore"][ATLAS]["clusters"]["blue"]["jobs"][job]["status"] == "in_progress"


def test_fault_returns_plain_text(sandbox):
    (url,) = urls(sandbox)
    sandbox.fault(match={"path": FILE}, kind="status", status=503)
    response = fetch(url)
    assert response.status_code == 503 and response.headers["Content-Type"].startswith("text/plain")
    assert fetch(url).status_code == 200


@pytest.mark.parametrize("shown, count", [("one", 1), ("two", 2), ("only", 1)])
def test_private_endpoints_have_their_own_urls(sandbox, shown, count):
    sandbox.variants(private_endpoints=shown)
    job = sandbox.restores("GET", RESTORE_JOBS["b2"]).json()
    private = job["privateDownloadDeliveryUrls"]
    assert len({entry["endpointId"] for entry in private}) == len(private) == count
    assert bool(job["deliveryUrl"]) == (shown != "only")
    addresses = {entry["deliveryUrl"] for entry in private}
    assert len(addresses | {f"{sandbox.url}/{TOKEN}/{FILE}.tar.gz"}) == count + 1
    response = fetch(private[-1]["deliveryUrl"])
    assert response.status_code == 200 and is_whole_archive(response.content)
    # All URLs of a backup are used up together.
    after = sandbox.restores("GET", RESTORE_JOBS["b2"]).json()
    assert (after["deliveryUrl"], after["privateDownloadDeliveryUrls"]) == ([], [])
    assert fetch(f"{sandbox.url}/{TOKEN}/{FILE}.tar.gz").status_code == 404


def test_shards_have_private_urls_in_their_components(sandbox):
    assert "privateDownloadDeliveryUrls" not in sandbox.restores("GET", RESTORE_JOBS["b2"]).json()
    sandbox.variants(private_endpoints="only")
    job = sandbox.restores("GET", RESTORE_JOBS["c1"], "green").json()
    assert job["deliveryUrl"] == [] and "privateDownloadDeliveryUrls" not in job
    for part in job["components"]:
        assert part["downloadUrl"] is None
        assert fetch(part["privateDownloadDeliveryUrls"][0]["deliveryUrl"]).status_code == 200
    assert restore_status(sandbox, "b1") == "in_progress"
    assert "privateDownloadDeliveryUrls" not in sandbox.restores("GET", RESTORE_JOBS["b8"]).json()

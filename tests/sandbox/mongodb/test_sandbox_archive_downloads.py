# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Downloads of logs, and how they can fail."""

from __future__ import annotations

import gzip
import http.client
import tarfile
import time
import zlib

import pytest
import requests
from sandbox_client import LOGS
from sandbox_mongodb import FAILED, SUCCEEDED, archive_members, is_whole_archive, seed_of_project, seeded_log_job

SMALL = 40_000


def download(sandbox, job=SUCCEEDED, **options):
    return sandbox.call("GET", f"{LOGS}/{job}/download", **options)


def test_archive_is_whole_and_has_expected_members(sandbox):
    response = download(sandbox, headers={"Accept": "application/gzip"})
    assert response.status_code == 200 and response.headers["Content-Type"] == "application/gzip"
    assert response.headers["Content-Disposition"] == f'attachment; filename="logcollection-{SUCCEEDED}.tar.gz"'
    assert int(response.headers["Content-Length"]) == len(response.content)
    assert abs(len(response.content) - SMALL) < SMALL / 10 and is_whole_archive(response.content)
    assert set(archive_members(response.content)) == {
        "db1.example.net/rsBlue/27017/mongodb/mongodb.log",
        "db1.example.net/rsBlue/27017/ftdc/metrics.interim",
    }
    assert not any(entry["acted"] for entry in sandbox.requests())


def test_archive_is_stable_until_job_runs_again(sandbox):
    first, again = download(sandbox, FAILED).content, download(sandbox, FAILED).content
    assert first == again != download(sandbox).content
    # A failed job has only the files that were collected.
    failed = "db2.example.net/rsBlue/27017/ftdc/metrics.interim"
    assert failed not in archive_members(
        first
    ) and "db2.example.net/automation_agent/automation-agent.log" in archive_members(first)
    sandbox.call("PUT", f"{LOGS}/{FAILED}/retry")
    assert download(sandbox, FAILED).status_code == 403
    sandbox.clock(advance=21)
    assert failed in archive_members(download(sandbox, FAILED).content)


def test_download_without_credentials_is_refused(sandbox):
    assert requests.get(f"{sandbox.url}{LOGS}/{SUCCEEDED}/download", timeout=10).status_code == 401


@pytest.mark.parametrize("content", ["text", "random"])
@pytest.mark.parametrize("size", [0, 1000, 2_000_000])
def test_archive_has_seeded_size_and_content_of_variant(sandbox, content, size):
    sandbox.reset(seed_of_project(log_collection_jobs=[seeded_log_job(archive_bytes=size)]))
    sandbox.variants(archive_content=content)
    response = download(sandbox)
    assert abs(len(response.content) - size) < size / 10 + 10_000 and is_whole_archive(response.content)
    ratio = len(gzip.decompress(response.content)) / max(1, len(response.content))
    assert size < 10_000 or (ratio > 3) is (content == "text")


def test_archive_of_new_job_has_seeded_size(sandbox):
    sandbox.reset(seed_of_project(new_log_jobs={"takes": 0, "archive_bytes": 300_000}))
    asked = {"resourceType": "PROCESS", "resourceName": "../x", "sizeRequestedPerFileBytes": 1, "redacted": True}
    created = sandbox.call("POST", LOGS, json={**asked, "logTypes": ["MONGODB"]}).json()["id"]
    content = download(sandbox, created).content
    assert abs(len(content) - 300_000) < 30_000
    assert list(archive_members(content)) == ["db1.example.net/.._x/27017/mongodb/mongodb.log"]


def test_download_is_chunked_with_variant(sandbox):
    whole = download(sandbox)
    sandbox.variants(download_length=False)
    response = download(sandbox)
    assert response.headers["Transfer-Encoding"] == "chunked" and "Content-Length" not in response.headers
    assert response.content == whole.content


def test_download_is_throttled_with_variant(sandbox):
    sandbox.variants(download_rate=200_000)
    started = time.monotonic()
    assert is_whole_archive(download(sandbox).content)
    assert 0.1 < time.monotonic() - started < 2


def test_download_url_has_other_host_with_variant(sandbox):
    sandbox.variants(download_host="other")
    url = sandbox.call("GET", f"{LOGS}/{SUCCEEDED}").json()["downloadUrl"]
    assert url == f"http://opsmanager.internal:8080{LOGS}/{SUCCEEDED}/download"


@pytest.mark.parametrize(
    "kind,error", [("cut_gzip", EOFError), ("cut_tar", tarfile.ReadError), ("corrupt", (OSError, zlib.error))]
)
@pytest.mark.parametrize("content", ["text", "random"])
@pytest.mark.parametrize("size", [SMALL, 2_000_000])
def test_broken_archive_cannot_be_read(sandbox, kind, error, content, size):
    sandbox.reset(seed_of_project(log_collection_jobs=[seeded_log_job(archive_bytes=size)]))
    sandbox.variants(archive=kind, archive_content=content)
    response = download(sandbox)
    assert response.status_code == 200 and int(response.headers["Content-Length"]) == len(response.content)
    with pytest.raises(error):
        archive_members(response.content)
        # Only gzip reads the checksum at the end, which tarfile does not reach.
        gzip.decompress(response.content)
    if kind == "cut_tar":
        assert gzip.decompress(response.content)


def test_download_is_html_or_empty_with_variants(sandbox):
    sandbox.variants(archive="not_an_archive")
    response = download(sandbox)
    assert response.status_code == 200 and response.headers["Content-Type"].startswith("text/html")
    sandbox.variants(archive="empty")
    response = download(sandbox)
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize(
    "asked,start,end",
    [("bytes=0-99", 0, 100), ("bytes=1000-", 1000, None), ("bytes=-77", -77, None), ("bytes=500-99999999", 500, None)],
)
def test_range_is_obeyed_with_variant(sandbox, asked, start, end):
    whole = download(sandbox, headers={"Range": asked})
    assert whole.status_code == 200 and "ETag" not in whole.headers
    sandbox.variants(download_ranges=True)
    response = download(sandbox, headers={"Range": asked})
    assert response.status_code == 206 and response.content == whole.content[start:end]
    first = start % len(whole.content)
    last = first + len(response.content) - 1
    assert response.headers["Content-Range"] == f"bytes {first}-{last}/{len(whole.content)}"
    assert response.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("asked", ["bytes=5-1", "bytes=-", "lines=1-2", "bytes=0-1,5-9"])
def test_invalid_range_is_ignored(sandbox, asked):
    sandbox.variants(download_ranges=True)
    assert download(sandbox, headers={"Range": asked}).status_code == 200


def test_range_beyond_end_is_refused_and_if_range_detects_change(sandbox):
    sandbox.variants(download_ranges=True)
    whole = download(sandbox, FAILED)
    response = download(sandbox, FAILED, headers={"Range": f"bytes={len(whole.content)}-"})
    assert (response.status_code, response.headers["Content-Range"]) == (416, f"bytes */{len(whole.content)}")
    both = {"Range": "bytes=1000-", "If-Range": whole.headers["ETag"]}
    assert download(sandbox, FAILED, headers=both).status_code == 206
    sandbox.call("PUT", f"{LOGS}/{FAILED}/retry")
    sandbox.clock(advance=21)
    response = download(sandbox, FAILED, headers=both)
    assert response.status_code == 200 and response.headers["ETag"] != whole.headers["ETag"]


def received(sandbox, path=f"{LOGS}/{SUCCEEDED}/download"):
    """The response, the bytes and the error that a connection receives that breaks."""
    header = sandbox.mongo.auth.build_digest_header("GET", sandbox.url + path)
    connection = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=10)
    connection.request("GET", path, headers={"Authorization": header})
    content, failure = b"", None
    try:
        response = connection.getresponse()
        while not failure:
            part = response.read1(1 << 16)
            if not part:
                break
            content += part
    except (http.client.HTTPException, ConnectionError) as error:
        failure = error
    finally:
        connection.close()
    return response, content, failure


@pytest.mark.parametrize("length_told", [True, False])
@pytest.mark.parametrize("after", [0, 1, 30_000])
def test_cut_resets_connection_after_given_bytes(sandbox, after, length_told):
    whole = download(sandbox).content
    sandbox.variants(download_length=length_told)
    sandbox.fault(match={"path": "download"}, kind="cut", after=after)
    response, content, failure = received(sandbox)
    assert response.status == 200
    assert response.getheader("Content-Length") == (str(len(whole)) if length_told else None)
    assert content == whole[:after] and isinstance(failure, ConnectionResetError)
    assert sandbox.requests()[-1]["fault"] == "cut" and sandbox.requests()[-1]["status"] == 200
    assert download(sandbox).content == whole


def test_cut_applies_to_response_that_is_not_streamed(sandbox):
    whole = sandbox.call("GET", LOGS).content
    sandbox.fault(match={"path": "logCollectionJobs"}, kind="cut", after=100)
    response, content, failure = received(sandbox, LOGS)
    assert int(response.getheader("Content-Length")) == len(whole)
    assert content == whole[:100] and isinstance(failure, ConnectionResetError)


def test_cut_delivers_all_bytes_before_it_in_large_archive(sandbox):
    sandbox.reset(seed_of_project(log_collection_jobs=[seeded_log_job(archive_bytes=12_000_000)]))
    download(sandbox)
    sandbox.fault(match={"path": "download"}, kind="cut", after=9_000_001)
    assert len(received(sandbox)[1]) == 9_000_001


@pytest.mark.parametrize("length_told", [True, False])
def test_truncate_sends_half_of_archive(sandbox, length_told):
    whole = download(sandbox).content
    sandbox.variants(download_length=length_told)
    sandbox.fault(match={"path": "download"}, kind="truncate")
    response, content, _failure = received(sandbox)
    assert response.status == 200 and content == whole[: len(whole) // 2]


@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "stall_after"])
def test_other_faults_break_one_download(sandbox, kind):
    download(sandbox)
    sandbox.fault(match={"path": "download"}, kind=kind, **({"seconds": 0.05} if kind == "stall_after" else {}))
    with pytest.raises(requests.exceptions.ConnectionError):
        download(sandbox)
    assert is_whole_archive(download(sandbox).content)


def test_status_after_replaces_archive(sandbox):
    download(sandbox)
    sandbox.fault(match={"path": "download"}, kind="status_after", status=503)
    assert download(sandbox).status_code == 503


def test_client_disconnect_during_download_leaves_sandbox_usable(sandbox):
    sandbox.reset(seed_of_project(log_collection_jobs=[seeded_log_job(archive_bytes=200_000_000)]))
    sandbox.call("GET", LOGS)
    with sandbox.call("GET", f"{LOGS}/{SUCCEEDED}/download", stream=True) as response:
        response.raw.read(1000)
    assert sandbox.call("GET", LOGS).status_code == 200


@pytest.mark.parametrize("after", [-1, 1.5, True, "all"])
def test_cut_without_valid_after_is_refused(sandbox, after):
    assert "after" in sandbox.control("POST", "faults", {"kind": "cut", "at": 1, "after": after}, status=400)["error"]
    assert "after" in sandbox.control("POST", "faults", {"kind": "cut", "at": 1}, status=400)["error"]

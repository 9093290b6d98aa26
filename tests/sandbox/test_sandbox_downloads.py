# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The download of logs, and what can go wrong with it."""

from __future__ import annotations

import gzip
import http.client
import io
import tarfile
import time
import zlib

import pytest
import requests
from sandbox_client import LOGS
from test_sandbox_log_collection import FAILED, GOOD
from test_sandbox_log_requests import job as seeded
from test_sandbox_log_requests import world

SMALL = 40_000


def download(box, job=GOOD, **options):
    return box.call("GET", f"{LOGS}/{job}/download", **options)


def members(content):
    """Size of each file of an archive that is whole, by name."""
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
        found = {}
        for member in archive:
            found[member.name] = len(archive.extractfile(member).read())
            assert found[member.name] == member.size
    return found


def is_whole(content):
    plain = gzip.decompress(content)
    return members(content) and plain.endswith(bytes(1024))


def test_whole_archive(box):
    answer = download(box, headers={"Accept": "application/gzip"})
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/gzip"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="logcollection-{GOOD}.tar.gz"'
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert abs(len(answer.content) - SMALL) < SMALL / 10 and is_whole(answer.content)
    assert set(members(answer.content)) == {
        "db1.example.net/rsBlue/27017/mongodb/mongodb.log",
        "db1.example.net/rsBlue/27017/ftdc/metrics.interim",
    }
    assert not any(entry["acted"] for entry in box.requests())


def test_it_is_the_same_every_time_until_the_job_runs_again(box):
    first, again = download(box, FAILED).content, download(box, FAILED).content
    assert first == again != download(box).content
    # A failed job has what it could get, and none of what failed.
    failed = "db2.example.net/rsBlue/27017/ftdc/metrics.interim"
    assert failed not in members(first) and "db2.example.net/automation_agent/automation-agent.log" in members(first)
    box.call("PUT", f"{LOGS}/{FAILED}/retry")
    assert download(box, FAILED).status_code == 403
    box.clock(advance=21)
    assert failed in members(download(box, FAILED).content)


def test_it_needs_credentials(box):
    assert requests.get(f"{box.url}{LOGS}/{GOOD}/download", timeout=10).status_code == 401


@pytest.mark.parametrize("content", ["text", "random"])
@pytest.mark.parametrize("size", [0, 1000, 2_000_000])
def test_sizes_and_contents(box, content, size):
    box.reset(world(log_collection_jobs=[seeded(archive_bytes=size)]))
    box.variants(archive_content=content)
    answer = download(box)
    assert abs(len(answer.content) - size) < size / 10 + 10_000 and is_whole(answer.content)
    ratio = len(gzip.decompress(answer.content)) / max(1, len(answer.content))
    assert size < 10_000 or (ratio > 3) is (content == "text")


def test_size_of_new_jobs(box):
    box.reset(world(new_log_jobs={"takes": 0, "archive_bytes": 300_000}))
    asked = {"resourceType": "PROCESS", "resourceName": "../x", "sizeRequestedPerFileBytes": 1, "redacted": True}
    created = box.call("POST", LOGS, json={**asked, "logTypes": ["MONGODB"]}).json()["id"]
    content = download(box, created).content
    assert abs(len(content) - 300_000) < 30_000
    assert list(members(content)) == ["db1.example.net/.._x/27017/mongodb/mongodb.log"]


def test_chunked(box):
    whole = download(box)
    box.variants(download_length=False)
    answer = download(box)
    assert answer.headers["Transfer-Encoding"] == "chunked" and "Content-Length" not in answer.headers
    assert answer.content == whole.content


def test_rate(box):
    box.variants(download_rate=200_000)
    started = time.monotonic()
    assert is_whole(download(box).content)
    assert 0.1 < time.monotonic() - started < 2


def test_host_of_the_address(box):
    box.variants(download_host="other")
    url = box.call("GET", f"{LOGS}/{GOOD}").json()["downloadUrl"]
    assert url == f"http://opsmanager.internal:8080{LOGS}/{GOOD}/download"


@pytest.mark.parametrize(
    "kind,error", [("cut_gzip", EOFError), ("cut_tar", tarfile.ReadError), ("corrupt", (OSError, zlib.error))]
)
@pytest.mark.parametrize("content", ["text", "random"])
@pytest.mark.parametrize("size", [SMALL, 2_000_000])
def test_archives_that_are_not_whole(box, kind, error, content, size):
    box.reset(world(log_collection_jobs=[seeded(archive_bytes=size)]))
    box.variants(archive=kind, archive_content=content)
    answer = download(box)
    assert answer.status_code == 200 and int(answer.headers["Content-Length"]) == len(answer.content)
    with pytest.raises(error):
        members(answer.content)
        # Only gzip compares the checksum at the end, which tarfile does not reach.
        gzip.decompress(answer.content)
    if kind == "cut_tar":
        assert gzip.decompress(answer.content)


def test_no_archive_at_all(box):
    box.variants(archive="not_an_archive")
    answer = download(box)
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
    box.variants(archive="empty")
    answer = download(box)
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "asked,start,end",
    [("bytes=0-99", 0, 100), ("bytes=1000-", 1000, None), ("bytes=-77", -77, None), ("bytes=500-99999999", 500, None)],
)
def test_ranges(box, asked, start, end):
    whole = download(box, headers={"Range": asked})
    assert whole.status_code == 200 and "ETag" not in whole.headers
    box.variants(download_ranges=True)
    answer = download(box, headers={"Range": asked})
    assert answer.status_code == 206 and answer.content == whole.content[start:end]
    first = start % len(whole.content)
    last = first + len(answer.content) - 1
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(whole.content)}"
    assert answer.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("asked", ["bytes=5-1", "bytes=-", "lines=1-2", "bytes=0-1,5-9"])
def test_ranges_that_are_none(box, asked):
    box.variants(download_ranges=True)
    assert download(box, headers={"Range": asked}).status_code == 200


def test_a_range_behind_the_end_and_a_changed_archive(box):
    box.variants(download_ranges=True)
    whole = download(box, FAILED)
    answer = download(box, FAILED, headers={"Range": f"bytes={len(whole.content)}-"})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{len(whole.content)}")
    both = {"Range": "bytes=1000-", "If-Range": whole.headers["ETag"]}
    assert download(box, FAILED, headers=both).status_code == 206
    box.call("PUT", f"{LOGS}/{FAILED}/retry")
    box.clock(advance=21)
    answer = download(box, FAILED, headers=both)
    assert answer.status_code == 200 and answer.headers["ETag"] != whole.headers["ETag"]


def received(box, path=f"{LOGS}/{GOOD}/download"):
    """What arrives over a connection that breaks: status, headers, bytes, error."""
    header = box.mongo.auth.build_digest_header("GET", box.url + path)
    connection = http.client.HTTPConnection("127.0.0.1", box.port, timeout=10)
    connection.request("GET", path, headers={"Authorization": header})
    content, failure = b"", None
    try:
        answer = connection.getresponse()
        while not failure:
            part = answer.read1(1 << 16)
            if not part:
                break
            content += part
    except (http.client.HTTPException, ConnectionError) as error:
        failure = error
    finally:
        connection.close()
    return answer, content, failure


@pytest.mark.parametrize("length_told", [True, False])
@pytest.mark.parametrize("after", [0, 1, 30_000])
def test_cut(box, after, length_told):
    whole = download(box).content
    box.variants(download_length=length_told)
    box.fault(match={"path": "download"}, kind="cut", after=after)
    answer, content, failure = received(box)
    assert answer.status == 200
    assert answer.getheader("Content-Length") == (str(len(whole)) if length_told else None)
    assert content == whole[:after] and isinstance(failure, ConnectionResetError)
    assert box.requests()[-1]["fault"] == "cut" and box.requests()[-1]["status"] == 200
    assert download(box).content == whole


def test_cut_of_an_answer_that_is_not_streamed(box):
    whole = box.call("GET", LOGS).content
    box.fault(match={"path": "logCollectionJobs"}, kind="cut", after=100)
    answer, content, failure = received(box, LOGS)
    assert int(answer.getheader("Content-Length")) == len(whole)
    assert content == whole[:100] and isinstance(failure, ConnectionResetError)


def test_cut_far_into_a_large_archive(box):
    box.reset(world(log_collection_jobs=[seeded(archive_bytes=12_000_000)]))
    download(box)
    box.fault(match={"path": "download"}, kind="cut", after=9_000_001)
    assert len(received(box)[1]) == 9_000_001


@pytest.mark.parametrize("length_told", [True, False])
def test_truncate(box, length_told):
    whole = download(box).content
    box.variants(download_length=length_told)
    box.fault(match={"path": "download"}, kind="truncate")
    answer, content, _failure = received(box)
    assert answer.status == 200 and content == whole[: len(whole) // 2]


@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "stall_after"])
def test_other_faults(box, kind):
    download(box)
    box.fault(match={"path": "download"}, kind=kind, **({"seconds": 0.05} if kind == "stall_after" else {}))
    with pytest.raises(requests.exceptions.ConnectionError):
        download(box)
    assert is_whole(download(box).content)


def test_status_in_the_place_of_an_archive(box):
    download(box)
    box.fault(match={"path": "download"}, kind="status_after", status=503)
    assert download(box).status_code == 503


def test_a_client_that_goes_away(box):
    box.reset(world(log_collection_jobs=[seeded(archive_bytes=200_000_000)]))
    box.call("GET", LOGS)
    with box.call("GET", f"{LOGS}/{GOOD}/download", stream=True) as answer:
        answer.raw.read(1000)
    assert box.call("GET", LOGS).status_code == 200


@pytest.mark.parametrize("after", [-1, 1.5, True, "all"])
def test_bad_cuts(box, after):
    assert "after" in box.control("POST", "faults", {"kind": "cut", "at": 1, "after": after}, status=400)["error"]
    assert "after" in box.control("POST", "faults", {"kind": "cut", "at": 1}, status=400)["error"]

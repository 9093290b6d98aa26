# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import gzip
import io
import os
import random
import stat
import tarfile
from dataclasses import replace

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.cancellation import Cancelled
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.files.atomic_write import Attributes
from ansible_collections.saasops.jobs.plugins.module_utils._core.files.fetch import (
    DEFAULT_FLOOR,
    Floor,
    fetch,
    is_whole,
)
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.adapter.transport_errors import AttemptFailed
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.response import Response
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.retry import Backoff, Outcome
from ansible_collections.saasops.jobs.tests.unit.fake_service import StillClock

MEGABYTE = 1024 * 1024


def archive(size=3 * MEGABYTE, seed=1):
    """One that cannot be packed, so that it is about as large as its content."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as made:
        entry = tarfile.TarInfo("file")
        entry.size = size
        made.addfile(entry, io.BytesIO(random.Random(seed).randbytes(size)))
    return gzip.compress(buffer.getvalue(), 1)


class Stream:
    def __init__(self, data, breaks, on_piece):
        self._data = data
        self._breaks = breaks
        self._on_piece = on_piece
        self.closed = False

    def pieces(self):
        for start in range(0, len(self._data), 100_000):
            self._on_piece()
            yield self._data[start : start + 100_000]
        if self._breaks:
            raise AttemptFailed(Outcome.TRUNCATED, "the transfer broke off")

    def close(self):
        self.closed = True


class Server:
    """Hands out what is scripted for each request: (content, after how many bytes it breaks off or None)."""

    def __init__(self, *script, ranges=True, tags=True, framed=True, on_piece=lambda: None):
        self._script = list(script)
        self._framed = framed
        self._ranges = ranges
        self._tags = tags
        self._on_piece = on_piece
        self.asked = []
        self.streams = []

    def open_at(self, headers):
        self.asked.append(headers)
        change = self._script.pop(0)
        if isinstance(change, Exception):
            raise change
        content, length = change
        start, status, told = 0, 200, {}
        if self._tags:
            told["ETag"] = f'"{hash(content)}"'
        if self._ranges:
            told["Accept-Ranges"] = "bytes"
        if self._framed:
            told["Content-Length"] = "1"
        if self._ranges and "Range" in headers and headers.get("If-Range", told.get("ETag")) == told.get("ETag"):
            start, status = int(headers["Range"][len("bytes=") : -1]), 206
            told["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        rest = content[start:] if length is None else content[start : start + length]
        self.streams.append(Stream(rest, length is not None, self._on_piece))
        return Response(status, told, b"", stream=self.streams[-1])


def get(server, path, retries=2, context=None, mode=0o600, modified=None, floor=DEFAULT_FLOOR):
    context = context or TaskContext(clock=StillClock())
    wanted = Attributes(mode, True, modified, "this archive")
    fetch("The archive", server.open_at, str(path), wanted, context, Backoff(retries), floor)
    return context


WHOLE = archive()


def test_a_file_with_its_mode_and_time(tmp_path):
    server = Server((WHOLE, None))
    get(server, tmp_path / "a", mode=0o640, modified=1_700_000_000_123_456_000)
    assert (tmp_path / "a").read_bytes() == WHOLE
    status = (tmp_path / "a").stat()
    assert (stat.S_IMODE(status.st_mode), status.st_mtime_ns) == (0o640, 1_700_000_000_123_456_000)
    assert server.asked == [{}]
    assert all(stream.closed for stream in server.streams)
    assert os.listdir(tmp_path) == ["a"]


def test_nobody_else_may_read_it_meanwhile(tmp_path):
    seen = set()

    def look():
        seen.update(stat.S_IMODE((tmp_path / name).stat().st_mode) for name in os.listdir(tmp_path))

    get(Server((WHOLE, None), on_piece=look), tmp_path / "a", mode=0o644)
    assert seen == {0o600}


def test_it_goes_on_where_it_broke_off(tmp_path):
    server = Server((WHOLE, 1_500_000), (WHOLE, 1_200_000), (WHOLE, None))
    context = get(server, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == WHOLE
    tag = f'"{hash(WHOLE)}"'
    assert server.asked == [{}] + [{"Range": f"bytes={at}-", "If-Range": tag} for at in (1_500_000, 2_700_000)]
    assert len(context.clock.naps) == 2


def test_as_long_as_it_goes_on_it_is_not_given_up(tmp_path):
    large = archive(12 * MEGABYTE)
    server = Server(*[(large, 1_500_000)] * 8, (large, None))
    get(server, tmp_path / "a", retries=1)
    assert (tmp_path / "a").read_bytes() == large


@pytest.mark.parametrize("ranges, tags", [(False, True), (False, False)])
def test_without_ranges_it_begins_again(tmp_path, ranges, tags):
    server = Server((WHOLE, 1_500_000), (WHOLE, 2_000_000), (WHOLE, None), ranges=ranges, tags=tags)
    get(server, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == WHOLE


def test_another_file_meanwhile_begins_again(tmp_path):
    other = archive(seed=2)
    get(Server((WHOLE, 1_500_000), (other, None)), tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == other


def test_another_file_that_nothing_tells_from_the_first(tmp_path):
    other = archive(seed=3)
    server = Server((WHOLE, 1_500_000), (other, None), (other, None), tags=False)
    get(server, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == other
    assert server.asked == [{}, {"Range": "bytes=1500000-"}, {}]


@pytest.mark.parametrize(
    "script, words, asked",
    [
        ([(WHOLE, 10)] * 3, "could not be fetched: the transfer broke off", 3),
        ([(WHOLE[:-1], None)], "not the whole archive: it is cut off", 1),
        ([(WHOLE[:2_000_000], None)], "not the whole archive: it is cut off", 1),
        ([(b"x" * 3_000_000, None)], "not the whole archive: it is no gzip file", 1),
        ([(b"", None)], "not the whole archive: it is empty", 1),
        ([(WHOLE, 10), errors.JobsError("The address was used up.")], "used up", 2),
    ],
)
def test_what_fails_leaves_the_file_as_it_was(tmp_path, script, words, asked):
    (tmp_path / "a").write_text("before")
    server = Server(*script)
    with pytest.raises(errors.JobsError, match=words):
        get(server, tmp_path / "a")
    assert (tmp_path / "a").read_text() == "before"
    assert os.listdir(tmp_path) == ["a"]
    assert len(server.asked) == asked


def refused(status):
    return errors.ServiceError("It does not hand over a part.", status, None, "no parts", None, "GET", "/x")


@pytest.mark.parametrize("status", [400, 412, 416])
def test_a_part_is_refused_but_not_the_whole(tmp_path, status):
    server = Server((WHOLE, 1_500_000), refused(status), (WHOLE, None))
    get(server, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == WHOLE
    assert server.asked[2] == {}


@pytest.mark.parametrize("error", [refused(503), refused(401)])
def test_other_refusals_of_a_part_are_final(tmp_path, error):
    # What may pass has been tried more than once by then.
    with pytest.raises(errors.ServiceError):
        get(Server((WHOLE, 1_500_000), error), tmp_path / "a")


def test_a_server_that_only_seems_to_know_parts_is_given_up(tmp_path):
    class Pretending(Server):
        def open_at(self, headers):
            return super().open_at({})

    server = Pretending(*[(WHOLE, length) for length in (1_100_000, 2_500_000) * 9])
    with pytest.raises(errors.JobsError, match="broke off"):
        get(server, tmp_path / "a")
    assert len(server.streams) == 3


def test_only_the_end_of_the_body_is_lost(tmp_path):
    """The last mark of a chunked body, for example: nothing of the archive is missing."""
    server = Server((WHOLE, len(WHOLE)), framed=False)
    get(server, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == WHOLE


def test_a_body_that_ends_with_the_connection_may_be_cut(tmp_path):
    server = Server((WHOLE[:2_000_000], None), (WHOLE, None), framed=False, ranges=False)
    get(server, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == WHOLE


def test_a_part_that_nobody_asked_for_is_not_taken(tmp_path):
    class Partial(Server):
        def open_at(self, headers):
            response = super().open_at(headers)
            if len(self.asked) == 2:
                response.headers["Content-Range"] = f"bytes 1000000-{len(WHOLE) - 1}/{len(WHOLE)}"
                return replace(response, status=206)
            return response

    server = Partial((WHOLE[:2_000_000], None), (WHOLE[2_000_000:], None), (WHOLE, None), framed=False, ranges=False)
    get(server, tmp_path / "a")
    assert server.asked == [{}, {}, {}]
    assert (tmp_path / "a").read_bytes() == WHOLE


@pytest.mark.parametrize("status", [202, 204])
def test_a_success_that_is_none(tmp_path, status):
    class Busy(Server):
        def open_at(self, headers):
            return replace(super().open_at(headers), status=status)

    with pytest.raises(errors.JobsError, match=f"HTTP {status} instead of handing it over"):
        get(Busy((b"{}", None)), tmp_path / "a")
    assert os.listdir(tmp_path) == []


def test_a_stop_leaves_the_file_as_it_was(tmp_path):
    context = TaskContext(clock=StillClock())
    server = Server((WHOLE, None), on_piece=lambda: context.cancel_token.request("The task was interrupted."))
    with pytest.raises(Cancelled):
        get(server, tmp_path / "a", context=context)
    assert os.listdir(tmp_path) == []


def slow(context, seconds):
    """Each piece, of 100,000 bytes, takes so long."""

    def wait():
        context.clock.time += seconds

    return wait


def test_a_transfer_that_is_too_slow_goes_on_where_it_was(tmp_path):
    context = TaskContext(clock=StillClock())
    server = Server(*[(WHOLE, None)] * 12, on_piece=slow(context, 100))
    get(server, tmp_path / "a", retries=12, context=context, floor=Floor(2000, 300.0))
    assert (tmp_path / "a").read_bytes() == WHOLE
    # 300,000 bytes in 300 seconds are too few; what has been received is not asked for again.
    assert [asked.get("Range") for asked in server.asked[:3]] == [None, "bytes=300000-", "bytes=600000-"]


def test_a_transfer_that_stays_too_slow_is_given_up(tmp_path):
    context = TaskContext(clock=StillClock())
    server = Server(*[(WHOLE, None)] * 3, ranges=False, tags=False, on_piece=slow(context, 400))
    words = "only 100000 bytes arrived within 400 s, where minimum_rate is 2000 bytes a second"
    with pytest.raises(errors.JobsError, match=words):
        get(server, tmp_path / "a", context=context, floor=Floor(2000, 300.0))
    assert (len(server.asked), os.listdir(tmp_path)) == (3, [])


@pytest.mark.parametrize("floor", [Floor(0, 300.0), Floor(1000, 300.0), Floor(2000, 1e6)])
def test_a_transfer_that_is_fast_enough_is_not_broken_off(tmp_path, floor):
    context = TaskContext(clock=StillClock())
    server = Server((WHOLE, None), on_piece=slow(context, 100))
    get(server, tmp_path / "a", context=context, floor=floor)
    assert len(server.asked) == 1


def test_what_is_left_by_a_thread_that_nobody_waits_for_is_removed_at_the_end(tmp_path):
    context = TaskContext(clock=StillClock())
    left = []

    def look():
        left[:] = os.listdir(tmp_path)
        # The task ends while this thread is still receiving.
        for end in context.cleanups:
            end()

    with pytest.raises(errors.JobsError):
        get(Server((WHOLE, None), on_piece=look), tmp_path / "a", context=context)
    assert len(left) <= 1
    assert os.listdir(tmp_path) == []


def test_a_folder_that_cannot_be_written(tmp_path):
    with pytest.raises(errors.JobsError, match="nowhere/a could not be written: No such file"):
        get(Server((WHOLE, None)), tmp_path / "nowhere" / "a")


def test_whether_a_file_is_whole():
    assert is_whole(io.BytesIO(WHOLE)) is True
    assert is_whole(io.BytesIO(WHOLE[:-1])) is False

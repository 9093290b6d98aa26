# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
import os
import re
import stat
from dataclasses import replace

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.cancellation import Cancelled
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.files.archive.targz import TarGz
from ansible_collections.saasops.jobs.plugins.module_utils._core.files.fetch import is_whole
from ansible_collections.saasops.jobs.plugins.module_utils._core.files.floor import Floor
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import StillClock
from ansible_collections.saasops.jobs.tests.unit.support.progress import Recorder
from ansible_collections.saasops.jobs.tests.unit.support.transfers import MEGABYTE, Server, archive, get

WHOLE = archive()


def test_a_fetched_file_has_the_mode_and_time_asked_for(tmp_path):
    server = Server((WHOLE, None))
    get(server, tmp_path / "a", mode=0o640, modified=1_700_000_000_123_456_000)
    assert (tmp_path / "a").read_bytes() == WHOLE
    status = (tmp_path / "a").stat()
    assert (stat.S_IMODE(status.st_mode), status.st_mtime_ns) == (0o640, 1_700_000_000_123_456_000)
    assert server.asked == [{}]
    assert all(stream.closed for stream in server.streams)
    assert os.listdir(tmp_path) == ["a"]


def test_only_the_owner_can_read_a_file_while_it_is_fetched(tmp_path):
    seen = set()

    def look():
        seen.update(stat.S_IMODE((tmp_path / name).stat().st_mode) for name in os.listdir(tmp_path))

    get(Server((WHOLE, None), on_piece=look), tmp_path / "a", mode=0o644)
    assert seen == {0o600}


def lines_of(tmp_path, *script, seconds=2.0, **more):
    """What is shown of a transfer, whose pieces of 100,000 bytes take so many seconds each."""
    recorder = Recorder()
    context = TaskContext(clock=StillClock(), listener=recorder)

    def on_piece():
        context.progress.look()
        context.clock.time += seconds

    get(Server(*script, on_piece=on_piece, **more), tmp_path / "a", context=context)
    return recorder.lines


def test_a_transfer_that_takes_time_shows_the_bytes_and_the_rate_every_few_seconds(tmp_path):
    lines = lines_of(tmp_path, (WHOLE, None), seconds=2.5, framed=False)
    assert lines[:2] == [
        "The archive: received 195.3 KiB, 39.1 KiB/s",
        "The archive: received 390.6 KiB, 39.1 KiB/s",
    ]
    # Every second of the 32 pieces, but for the last one.
    assert len(lines) == len(WHOLE) // 200_000


def test_a_transfer_whose_length_is_known_shows_it_and_the_time_left(tmp_path):
    lines = lines_of(tmp_path, (WHOLE, None), seconds=2.5, length=len(WHOLE))
    assert lines[0] == "The archive: received 195.3 KiB of 3.0 MiB, 39.1 KiB/s, 1 min 14 s left at this rate"
    assert re.fullmatch(r"The archive: received 2\.9 MiB of 3\.0 MiB, 39\.1 KiB/s, \d s left at this rate", lines[-1])


def test_a_transfer_that_begins_again_shows_no_rate_of_before(tmp_path):
    lines = lines_of(tmp_path, (WHOLE, 500_000), (WHOLE, None), seconds=2.5, ranges=False, tags=False)
    begun = next(number for number, line in enumerate(lines) if number and "0 bytes/s" in line)
    assert lines[begun - 1].startswith("The archive: received 390.6 KiB, 39.1 KiB/s")
    assert all("39.1 KiB/s" in line for line in lines[begun + 1 :])


@pytest.mark.parametrize("length", ["0", "9" * 19, "9" * 5000, "-5", "12 MB"])
def test_an_archive_whose_stated_length_is_nonsense_is_fetched(tmp_path, length):
    get(Server((WHOLE, None), length=length), tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == WHOLE


def test_a_short_transfer_shows_nothing(tmp_path):
    assert lines_of(tmp_path, (WHOLE, None), seconds=0.1) == []


def test_an_interrupted_transfer_is_resumed(tmp_path):
    server = Server((WHOLE, 1_500_000), (WHOLE, 1_200_000), (WHOLE, None))
    context = get(server, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == WHOLE
    tag = f'"{hash(WHOLE)}"'
    assert server.asked == [{}] + [{"Range": f"bytes={at}-", "If-Range": tag} for at in (1_500_000, 2_700_000)]
    assert len(context.clock.naps) == 2


def test_a_transfer_that_makes_progress_is_never_given_up(tmp_path):
    large = archive(12 * MEGABYTE)
    server = Server(*[(large, 1_500_000)] * 8, (large, None))
    get(server, tmp_path / "a", retries=1)
    assert (tmp_path / "a").read_bytes() == large


@pytest.mark.parametrize("ranges, tags", [(False, True), (False, False)])
def test_a_transfer_without_ranges_begins_again(tmp_path, ranges, tags):
    server = Server((WHOLE, 1_500_000), (WHOLE, 2_000_000), (WHOLE, None), ranges=ranges, tags=tags)
    get(server, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == WHOLE


def test_a_changed_archive_is_fetched_from_the_beginning(tmp_path):
    other = archive(seed=2)
    get(Server((WHOLE, 1_500_000), (other, None)), tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == other


def test_parts_of_different_archives_are_discarded(tmp_path):
    other = archive(seed=3)
    server = Server((WHOLE, 1_500_000), (other, None), (other, None), tags=False)
    get(server, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == other
    assert server.asked == [{}, {"Range": "bytes=1500000-"}, {}]


@pytest.mark.parametrize(
    "script, words, asked",
    [
        ([(WHOLE, 10)] * 3, "could not be fetched: the transfer was interrupted", 3),
        ([(WHOLE[:-1], None)], "not the whole archive: it is truncated", 1),
        ([(WHOLE[:2_000_000], None)], "not the whole archive: it is truncated", 1),
        ([(b"x" * 3_000_000, None)], "not the whole archive: it is not a gzip file", 1),
        ([(b"", None)], "not the whole archive: it is empty", 1),
        ([(WHOLE, 10), errors.JobsError("The address was used up.")], "used up", 2),
    ],
)
def test_a_failed_transfer_leaves_the_file_as_it_was(tmp_path, script, words, asked):
    (tmp_path / "a").write_text("before")
    server = Server(*script)
    with pytest.raises(errors.JobsError, match=words):
        get(server, tmp_path / "a")
    assert (tmp_path / "a").read_text() == "before"
    assert os.listdir(tmp_path) == ["a"]
    assert len(server.asked) == asked


def test_a_defect_in_the_check_fails_the_transfer_and_keeps_its_traceback(tmp_path, monkeypatch):
    def fail(_archive, _data):
        raise ZeroDivisionError

    monkeypatch.setattr(TarGz, "feed", fail)
    context = TaskContext(clock=StillClock())
    with pytest.raises(errors.JobsError, match=r"it cannot be read \(ZeroDivisionError\)"):
        get(Server((WHOLE, None)), tmp_path / "a", context=context)
    assert "ZeroDivisionError" in context.defects[0]
    assert os.listdir(tmp_path) == []


def refused(status):
    return errors.ServiceError("It does not hand over a part.", status, None, "no parts", None, "GET", "/x")


@pytest.mark.parametrize("status", [400, 412, 416])
def test_all_is_fetched_again_if_the_rest_is_refused(tmp_path, status):
    server = Server((WHOLE, 1_500_000), refused(status), (WHOLE, None))
    get(server, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == WHOLE
    assert server.asked[2] == {}


@pytest.mark.parametrize("error", [refused(503), refused(401)])
def test_other_refusals_of_a_part_are_final(tmp_path, error):
    # What may pass has been tried more than once by then.
    with pytest.raises(errors.ServiceError):
        get(Server((WHOLE, 1_500_000), error), tmp_path / "a")


def test_a_server_that_ignores_ranges_is_given_up(tmp_path):
    class Pretending(Server):
        def open_at(self, headers):
            return super().open_at({})

    server = Pretending(*[(WHOLE, length) for length in (1_100_000, 2_500_000) * 9])
    with pytest.raises(errors.JobsError, match="interrupted"):
        get(server, tmp_path / "a")
    assert len(server.streams) == 3


def test_a_complete_archive_is_accepted_if_just_the_end_of_the_body_is_lost(tmp_path):
    """The last mark of a chunked body, for example: nothing of the archive is missing."""
    server = Server((WHOLE, len(WHOLE)), framed=False)
    get(server, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == WHOLE


def test_a_truncated_body_without_framing_is_fetched_again(tmp_path):
    server = Server((WHOLE[:2_000_000], None), (WHOLE, None), framed=False, ranges=False)
    get(server, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == WHOLE


def test_a_part_that_was_not_asked_for_is_discarded(tmp_path):
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
def test_a_success_without_content_is_an_error(tmp_path, status):
    class Busy(Server):
        def open_at(self, headers):
            return replace(super().open_at(headers), status=status)

    with pytest.raises(errors.JobsError, match=f"HTTP {status} instead of sending it"):
        get(Busy((b"{}", None)), tmp_path / "a")
    assert os.listdir(tmp_path) == []


def test_a_cancelled_transfer_leaves_the_file_as_it_was(tmp_path):
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


def test_a_transfer_that_is_too_slow_is_resumed(tmp_path):
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


def test_the_temporary_file_of_an_abandoned_thread_is_removed(tmp_path):
    context = TaskContext(clock=StillClock())
    left = []

    def look():
        left[:] = os.listdir(tmp_path)
        # The task ends while this thread is still receiving.
        context.clean_up()

    with pytest.raises(errors.JobsError):
        get(Server((WHOLE, None), on_piece=look), tmp_path / "a", context=context)
    assert len(left) <= 1
    assert os.listdir(tmp_path) == []


def test_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(errors.JobsError, match="nowhere/a could not be written: No such file"):
        get(Server((WHOLE, None)), tmp_path / "nowhere" / "a")


def test_only_a_complete_archive_is_whole():
    assert is_whole(io.BytesIO(WHOLE)) is True
    assert is_whole(io.BytesIO(WHOLE[:-1])) is False

# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import errno
import os

import pytest
from ansible_collections.saasops.jobs.tests.unit.support.transfers import MEGABYTE, Server, archive, get

LARGE = archive(20 * MEGABYTE)


@pytest.fixture(name="asked")
def fixture_asked(monkeypatch):
    """What the system is asked to store: where it begins, its length, and how long the file is on the disk by then."""
    asked = []

    def posix_fadvise(descriptor, start, length, advice):
        assert advice == os.POSIX_FADV_DONTNEED
        asked.append((start, length, os.fstat(descriptor).st_size))

    monkeypatch.setattr(os, "posix_fadvise", posix_fadvise)
    return asked


def test_while_a_large_file_is_received_the_system_is_asked_to_store_what_is_written(tmp_path, asked):
    get(Server((LARGE, None)), tmp_path / "a")
    (first, length, written), (second, more, later) = asked
    assert first == 0 and second == length <= written and second + more <= later
    assert all(8 * MEGABYTE <= size < 9 * MEGABYTE for size in (length, more))
    assert (tmp_path / "a").read_bytes() == LARGE


def test_a_large_file_whose_transfer_begins_again_is_stored_from_its_beginning_again(tmp_path, asked):
    get(Server((LARGE, 10 * MEGABYTE), (LARGE, None), ranges=False, tags=False), tmp_path / "a")
    assert [start == 0 for start, _length, _written in asked] == [True, True, False]
    assert (tmp_path / "a").read_bytes() == LARGE


def test_a_large_file_whose_transfer_is_resumed_is_stored_without_gaps(tmp_path, asked):
    get(Server((LARGE, 10 * MEGABYTE), (LARGE, None)), tmp_path / "a")
    begins, lengths = [start for start, _length, _written in asked], [length for _start, length, _written in asked]
    assert begins == [0, lengths[0]]


@pytest.mark.parametrize("lacks_it", [True, False])
def test_a_large_file_is_complete_where_the_system_cannot_store_it_meanwhile(tmp_path, monkeypatch, lacks_it):
    if lacks_it:
        monkeypatch.delattr(os, "posix_fadvise")
    else:

        def posix_fadvise(*_arguments):
            raise OSError(errno.EINVAL, "not here")

        monkeypatch.setattr(os, "posix_fadvise", posix_fadvise)
    get(Server((LARGE, None)), tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == LARGE

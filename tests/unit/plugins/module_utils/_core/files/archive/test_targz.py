# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import gzip
import importlib
import importlib.util
import io
import os
import tarfile
import zlib

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.files.archive import inflate, targz
from ansible_collections.saasops.jobs.plugins.module_utils._core.files.archive.targz import BrokenArchive, TarGz

INSTALLED = [name for name in inflate.FASTER if importlib.util.find_spec(name.partition(".")[0])]


@pytest.fixture(autouse=True, params=["zlib", *INSTALLED])
def library(request, monkeypatch):
    """All tests run with zlib, and with each of the faster libraries that is installed."""
    monkeypatch.setattr(targz, "fastest", lambda: importlib.import_module(request.param))


def test_the_fastest_library_that_is_installed_is_used(monkeypatch):
    assert inflate.fastest().__name__ == [*INSTALLED, "zlib"][0]
    monkeypatch.setattr(inflate, "FASTER", ("not_installed.zlib",))
    assert inflate.fastest() is zlib


def tar(sizes=(0, 700, 1024, 30_000), names=None, form=tarfile.PAX_FORMAT):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for number, size in enumerate(sizes):
            entry = tarfile.TarInfo((names or {}).get(number, f"host/27017/mongodb/{number}.log"))
            entry.size = size
            archive.addfile(entry, io.BytesIO(os.urandom(size)))
    return buffer.getvalue()


def why_broken(data, piece=1000):
    """None if it is whole."""
    check = TarGz()
    try:
        for start in range(0, len(data), piece):
            check.feed(data[start : start + piece])
        check.end()
    except BrokenArchive as broken:
        return str(broken)
    return None


@pytest.mark.parametrize("piece", [1, 511, 512, 10_000_000])
@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_a_complete_archive_is_accepted(form, piece):
    long = {1: "x" * 300, 2: "\u00fc" * 200}
    assert why_broken(gzip.compress(tar(names=long, form=form)), piece) is None


def test_an_archive_truncated_anywhere_is_refused():
    whole = gzip.compress(tar((5000,)), 9)
    assert all(why_broken(whole[:length]) for length in range(len(whole)))


def test_a_truncated_tar_in_a_complete_gzip_is_refused():
    whole = tar((700, 3000))
    # Two empty blocks end it; what follows only fills up.
    end = 3 * 512 + 700 // 512 * 512 + 3072 + 2 * 512
    accepted = [length for length in range(0, len(whole) + 1, 512) if why_broken(gzip.compress(whole[:length])) is None]
    assert accepted == list(range(end, len(whole) + 1, 512))
    assert why_broken(gzip.compress(whole[: end - 1])) == "it is truncated: its tar has no end"


def test_tarfile_accepts_such_a_truncated_archive():
    """That is why there is a check of our own."""
    cut = gzip.compress(tar((512, 512))[:2048])
    with tarfile.open(fileobj=io.BytesIO(cut)) as archive:
        assert len(archive.getnames()) == 2
    assert why_broken(cut)


def test_an_archive_damaged_anywhere_is_refused():
    # What is not compressed has to be caught by the checksum at the end.
    whole = bytearray(gzip.compress(tar((2000,)), 0))
    # After the header of the gzip and that of its only block, of which some bits have no meaning.
    for position in range(15, len(whole)):
        whole[position] ^= 0x10
        assert why_broken(bytes(whole)), position
        whole[position] ^= 0x10


@pytest.mark.parametrize(
    "data, reason",
    [
        (b"", "it is empty"),
        (b"<html>", "it is not a gzip file"),
        (gzip.compress(b"", mtime=1), "its tar has no end"),
        (gzip.compress(b"<html>" * 300, mtime=1), "its tar is damaged"),
        (gzip.compress(b"short", mtime=1), "its tar has no end"),
        (gzip.compress(tar()) + b"more", "other data follows its gzip stream"),
    ],
    ids=["nothing", "a page", "gzip of nothing", "gzip of a page", "gzip of little", "more after it"],
)
def test_something_else_is_refused(data, reason):
    assert reason in why_broken(data)


def test_several_gzip_members_and_trailing_zeros_are_accepted():
    whole = tar()
    assert why_broken(gzip.compress(whole[:1000]) + gzip.compress(whole[1000:]) + b"\0" * 3000) is None


def test_the_size_in_a_pax_header_counts():
    """Where files are larger than 8 GB, their own header says nothing, or 0."""
    for stated in (0, 300):
        records = b"17 path=large.bin\n" + b"13 size=1500\n"
        extended = tarfile.TarInfo("pax")
        extended.type, extended.size = tarfile.XHDTYPE, len(records)
        entry = tarfile.TarInfo("large.bin")
        entry.size = stated
        content = b"\0" * 1500
        made = extended.tobuf(tarfile.USTAR_FORMAT) + records.ljust(512, b"\0")
        made += entry.tobuf(tarfile.USTAR_FORMAT) + content.ljust(1536, b"\0")
        assert why_broken(gzip.compress(made + tar((10,))), 1) is None
        # Zeros in the file are not taken for the end.
        assert "truncated" in why_broken(gzip.compress(made))
        assert "truncated" in why_broken(gzip.compress(made[:-512]))


@pytest.mark.parametrize("kind", [tarfile.DIRTYPE, tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.FIFOTYPE])
def test_entries_without_content_may_state_a_size(kind):
    entry = tarfile.TarInfo("folder")
    entry.type = kind
    header = bytearray(entry.tobuf(tarfile.GNU_FORMAT))
    header[124:136] = b"%011o\0" % 4096
    assert why_broken(gzip.compress(_summed(header) + tar((10,)))) is None


def test_an_entry_of_a_negative_size_is_damage():
    header = bytearray(tarfile.TarInfo("file").tobuf(tarfile.GNU_FORMAT))
    header[124:136] = b"-0000001000\0"
    assert why_broken(gzip.compress(_summed(header) + tar((10,)))) == "its tar is damaged"


def test_binary_sizes_and_old_sparse_files_are_read():
    entry = tarfile.TarInfo("large")
    entry.size = 1024
    header = bytearray(entry.tobuf(tarfile.GNU_FORMAT))
    header[124:136] = b"\x80" + (1024).to_bytes(11, "big")
    assert why_broken(gzip.compress(_summed(header) + b"x" * 1024 + b"\0" * 1024)) is None
    header[156:157] = b"S"
    header[482] = 1
    more, last = b"1" * 504 + b"\1" + b"1" * 7, b"1" * 504 + b"\0" + b"1" * 7
    assert why_broken(gzip.compress(_summed(header) + more + last + b"x" * 1024 + b"\0" * 1024)) is None


def _summed(header):
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header)

# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""File systems that keep less than others: nothing is fetched twice or in vain, and nothing is taken for another.

They are made of what the operating system answers, so that the tests run everywhere and without privileges.
"""

from __future__ import annotations

import errno
import os
import resource
import shutil
import stat
import time
from datetime import timedelta

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.cancellation import Cancelled
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.files.temporary_files import remove_leftovers
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.change import PlannedChange
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.item import Item
from ansible_collections.saasops.jobs.plugins.module_utils._core.send_observer import observed_by
from ansible_collections.saasops.jobs.tests.unit.support.downloads import MADE, WHOLE, bring
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import StillClock
from ansible_collections.saasops.jobs.tests.unit.support.transfers import Server, archive, get

SECOND = 1_000_000_000
LARGE = archive()


def failing(number):
    def fail(*_arguments, **_more):
        raise OSError(number, os.strerror(number))

    return fail


@pytest.fixture
def without_attributes(monkeypatch):
    monkeypatch.setattr(os, "setxattr", failing(errno.EOPNOTSUPP), raising=False)
    monkeypatch.setattr(os, "getxattr", failing(errno.EOPNOTSUPP), raising=False)


def keep_times(monkeypatch, change):
    """A file system that keeps so many nanoseconds of a time."""
    utime = os.utime

    def coarse(path, *, ns):
        utime(path, ns=tuple(value // change * change for value in ns))

    monkeypatch.setattr(os, "utime", coarse)


STEPS = pytest.mark.parametrize("change", [1_000_000, 10_000_000, SECOND, 2 * SECOND])


@STEPS
@pytest.mark.parametrize("into", ["", "a.tar.gz"])
def test_an_archive_is_fetched_once_where_times_are_coarse(tmp_path, monkeypatch, without_attributes, change, into):
    keep_times(monkeypatch, change)
    assert bring(tmp_path / into, {"j": {}})[0]["changed"] is True
    for check in (True, False):
        result, reconciler = bring(tmp_path / into, {"j": {}}, check=check)
        assert (result["changed"], reconciler.opened, result["warnings"]) == (False, [], [])
    # What cannot be fetched any more is there, and needs no warning.
    spent, _reconciler = bring(tmp_path / into, {"j": {"spent": True}})
    assert ("failed" in spent, spent["changed"], spent["warnings"]) == (False, False, [])


@STEPS
def test_archives_of_the_same_second_are_told_apart_where_times_are_coarse(
    tmp_path, monkeypatch, without_attributes, change
):
    keep_times(monkeypatch, change)
    jobs = {"j": {}, "k": {"content": archive(2000)}}
    bring(tmp_path / "a", jobs, keys=["j"])
    result, _reconciler = bring(tmp_path / "a", jobs, keys=["k"])
    assert (result["changed"], (tmp_path / "a").read_bytes()) == (True, jobs["k"]["content"])
    assert bring(tmp_path / "a", jobs, keys=["k"])[0]["changed"] is False
    gone, _reconciler = bring(tmp_path / "a", {"j": {"spent": True}}, keys=["j"])
    assert f"It is not known whether {tmp_path / 'a'} already holds it" in gone["msg"]


@STEPS
def test_a_copy_with_a_coarse_time_is_recognized(tmp_path, change):
    (tmp_path / "first").mkdir()
    bring(tmp_path / "first", {"j": {}})
    shutil.copyfile(tmp_path / "first" / "j.tar.gz", tmp_path / "copy")
    time = (tmp_path / "first" / "j.tar.gz").stat().st_mtime_ns // change * change
    os.utime(tmp_path / "copy", ns=(time, time))
    assert bring(tmp_path / "copy", {"j": {}})[0]["changed"] is False


def test_no_record_is_left_beside_the_file_where_times_are_exact(tmp_path, without_attributes):
    bring(f"{tmp_path}/", {"j": {}})
    assert os.listdir(tmp_path) == ["j.tar.gz"]


def has_attributes(folder):
    (folder / "probe").write_text("")
    try:
        os.setxattr(folder / "probe", "user.saasops.probe", b"1")
    except (AttributeError, OSError):
        return False
    return True


def test_a_touched_file_is_recognized_by_its_record(tmp_path):
    if not has_attributes(tmp_path):
        pytest.skip("the file system of the temporary folder has no extended attributes")
    bring(tmp_path / "a", {"j": {}})
    os.utime(tmp_path / "a")
    assert bring(tmp_path / "a", {"j": {"spent": True}})[0]["changed"] is False
    # Written over in its place, it keeps the attribute, which no longer holds.
    (tmp_path / "a").write_bytes(archive(2000))
    assert bring(tmp_path / "a", {"j": {}})[0]["changed"] is True
    # Another run of the same job has another archive.
    os.utime(tmp_path / "a")
    assert bring(tmp_path / "a", {"j": {"made": MADE + timedelta(seconds=60)}})[0]["changed"] is True


@pytest.mark.parametrize("spent", [True, False])
def test_a_copy_that_only_its_name_identifies_is_kept_if_it_cannot_be_fetched_again(tmp_path, spent):
    (tmp_path / "j.tar.gz").write_bytes(WHOLE)
    for check in (True, False):
        result, reconciler = bring(f"{tmp_path}/", {"j": {"spent": spent}}, check=check)
        assert (result["changed"], "failed" in result) == (not spent, False)
        assert [warning for warning in result["warnings"] if "only the file's name says" in warning] == result[
            "warnings"
        ]
        assert len(result["warnings"]) == spent
    assert reconciler.opened == ([] if spent else [("j", None)])


@pytest.mark.parametrize("into, content", [("a", WHOLE), ("", WHOLE[:-1]), ("", b"x")])
def test_another_file_is_not_taken_for_an_archive_that_cannot_be_fetched_again(tmp_path, into, content):
    path = tmp_path / (into or "j.tar.gz")
    path.write_bytes(content)
    result, _reconciler = bring(tmp_path / into, {"j": {"spent": True}})
    assert (result["failed"], result["changed"]) == (True, False)
    assert f"Job j is not ready. It is not known whether {path} already holds it." in result["msg"]
    assert path.read_bytes() == content


def test_force_does_not_mention_what_is_in_the_file(tmp_path):
    bring(tmp_path / "a", {"j": {}})
    result, _reconciler = bring(tmp_path / "a", {"j": {"spent": True}}, force=True)
    assert result["msg"] == "Job j is not ready."


@pytest.mark.parametrize("attributes", [True, False])
def test_a_time_that_cannot_be_set_is_a_warning(tmp_path, monkeypatch, request, attributes):
    if not attributes:
        request.getfixturevalue("without_attributes")
    elif not has_attributes(tmp_path):
        pytest.skip("the file system of the temporary folder has no extended attributes")
    monkeypatch.setattr(os, "utime", failing(errno.EPERM))
    result, _reconciler = bring(tmp_path / "a", {"j": {}})
    assert ("failed" in result, result["changed"]) == (False, True)
    (warning,) = result["warnings"]
    assert warning == f"The modification time of {tmp_path / 'a'} could not be set: Operation not permitted."
    assert (tmp_path / "a").read_bytes() == WHOLE
    again, _reconciler = bring(tmp_path / "a", {"j": {"spent": True}})
    assert (again["changed"], "failed" in again, again["warnings"]) == (False, False, [])


@pytest.mark.parametrize("fails", [True, False])
@pytest.mark.parametrize("given", ["0644", None])
def test_permissions_that_the_file_system_does_not_keep_are_an_error_or_a_warning(tmp_path, monkeypatch, fails, given):
    """Asked for, they are refused before anything is fetched; else there is a warning, and the file stays."""
    # All files of such a file system look the same.
    fstat, lstat = os.fstat, os.lstat

    def as_0755(status):
        fields = list(status)
        fields[0] = stat.S_IFREG | 0o755
        return os.stat_result(fields, {"st_mtime_ns": status.st_mtime_ns, "st_ctime_ns": status.st_ctime_ns})

    def seen(look):
        return lambda *path: as_0755(look(*path)) if stat.S_ISREG(look(*path).st_mode) else look(*path)

    monkeypatch.setattr(os, "fstat", seen(fstat))
    monkeypatch.setattr(os, "lstat", seen(lstat))
    monkeypatch.setattr(os, "fchmod", failing(errno.EPERM) if fails else lambda *_arguments: None)
    result, reconciler = bring(tmp_path / "a", {"j": {}}, mode=given)
    if given:
        assert (result["failed"], result["changed"], reconciler.opened) == (True, False, [])
        assert "does not store the permissions 0644; files there have 0755" in result["msg"]
        assert os.listdir(tmp_path) == []
        assert bring(tmp_path / "a", {"j": {}}, mode="0755")[0]["changed"] is True
        refused, _reconciler = bring(tmp_path / "a", {"j": {}}, mode="0600")
        assert (refused["failed"], refused["changed"]) == (True, False)
    else:
        assert (result["changed"], result["jobs"][0]["files"][0]["mode"]) == (True, "0755")
        assert "has the permissions 0755 instead of 0600" in result["warnings"][0]
        assert (tmp_path / "a").read_bytes() == WHOLE
        assert bring(tmp_path / "a", {"j": {}})[0]["changed"] is False


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
@pytest.mark.parametrize("call", ["fsync", "open"])
def test_a_full_disk_is_noticed_before_anything_is_fetched(tmp_path, monkeypatch, call, number):
    opening = os.open

    def open_(path, flags, *more, **others):
        if flags & os.O_CREAT:
            failing(number)()
        return opening(path, flags, *more, **others)

    monkeypatch.setattr(os, call, open_ if call == "open" else failing(number))
    result, reconciler = bring(tmp_path / "a", {"j": {}})
    assert (result["failed"], result["changed"], reconciler.opened) == (True, False, [])
    assert f"could not be written: {os.strerror(number)}." in result["msg"]
    assert os.listdir(tmp_path) == []


class Announcing(Server):
    """Says how long the whole is."""

    def open_at(self, headers):
        response = super().open_at(headers)
        response.headers["Content-Length"] = str(len(LARGE))
        return response


def test_too_little_space_is_noticed_before_any_of_it_is_received(tmp_path):
    received = []
    server = Announcing((LARGE, None), on_piece=lambda: received.append(1))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        with pytest.raises(errors.JobsError, match="a could not be written: File too large"):
            get(server, tmp_path / "a")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (received, server.streams[0].closed, os.listdir(tmp_path)) == ([], True, [])


def test_too_little_space_is_noticed_where_none_can_be_reserved(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "posix_fallocate", failing(errno.EOPNOTSUPP), raising=False)
    get(Announcing((LARGE, None)), tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == LARGE
    space = os.statvfs(tmp_path)
    full = os.statvfs_result((*list(space)[:3], 10, 10, *list(space)[5:]))
    monkeypatch.setattr(os, "fstatvfs", lambda _descriptor: full)
    with pytest.raises(errors.JobsError, match="b could not be written: No space left on device"):
        get(Announcing((LARGE, None)), tmp_path / "b")


def test_reserved_space_that_is_not_needed_is_released(tmp_path):
    """Space that was reserved and is not needed does not become a part of the file."""
    other = archive(1000)
    get(Announcing((LARGE, 1_500_000), (other, None), tags=False, ranges=False), tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == other


def test_all_parts_are_tried_before_the_first_is_fetched(tmp_path, monkeypatch):
    (tmp_path / "ks1.tar.gz").write_text("before")
    # What a link across a mount point says.
    monkeypatch.setattr(os, "link", failing(errno.EXDEV))
    result, reconciler = bring(f"{tmp_path}/", {"k": {"parts": ["s0", "s1"]}})
    assert "ks1.tar.gz could not be written: the file in its place is a mount point." in result["msg"]
    assert (reconciler.opened, result["changed"], os.listdir(tmp_path)) == ([], False, ["ks1.tar.gz"])


def test_a_file_of_another_user_in_a_sticky_folder_is_noticed_before_anything_is_fetched(tmp_path, monkeypatch):
    (tmp_path / "a").write_text("before")
    tmp_path.chmod(0o1777)
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    result, reconciler = bring(tmp_path / "a", {"j": {}})
    assert "the file in its place belongs to another user" in result["msg"]
    assert reconciler.opened == []
    assert os.listdir(tmp_path) == ["a"]


def test_an_archive_that_cannot_replace_the_file_is_kept_beside_it(tmp_path, monkeypatch):
    (tmp_path / "a").write_text("before")
    replace = os.replace

    def refusing(source, target, **folders):
        if target == "a":
            failing(errno.EBUSY)()
        replace(source, target, **folders)

    monkeypatch.setattr(os, "replace", refusing)
    result, _reconciler = bring(tmp_path / "a", {"j": {}})
    (kept,) = [name for name in os.listdir(tmp_path) if name != "a"]
    assert (result["failed"], result["changed"]) == (True, False)
    assert (
        f"could not be written: Device or resource busy. The download is complete and was kept as {tmp_path / kept}"
        in (result["msg"])
    )
    assert (tmp_path / kept).read_bytes() == WHOLE
    assert (tmp_path / "a").read_text() == "before"
    # Moved by hand, it is what was asked for.
    os.rename(tmp_path / kept, tmp_path / "a")
    assert bring(tmp_path / "a", {"j": {"spent": True}})[0]["changed"] is False


def test_an_archive_that_is_complete_after_the_task_is_over_is_kept_beside_it(tmp_path):
    """Nobody waits for it any more, and it has been reported as not done; but its address is used up."""
    item = Item("j", None, PlannedChange("download"))
    item.abandoned = True
    context = TaskContext(clock=StillClock())
    with pytest.raises(Cancelled), observed_by(item):
        get(Server((LARGE, None)), tmp_path / "a", context=context)
    context.clean_up()
    (kept,) = os.listdir(tmp_path)
    assert (kept == "a", (tmp_path / kept).read_bytes()) == (False, LARGE)


def test_a_disk_that_is_full_at_the_end_leaves_nothing(tmp_path, monkeypatch):
    fsync, calls = os.fsync, []

    def failing_later(descriptor):
        calls.append(descriptor)
        if len(calls) > 1:
            failing(errno.ENOSPC)()
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", failing_later)
    result, reconciler = bring(tmp_path / "a", {"j": {}})
    assert "could not be written: No space left on device." in result["msg"]
    assert (os.listdir(tmp_path), reconciler.opened) == ([], [("j", None)])


def test_a_folder_that_can_be_written_but_not_read_is_used(tmp_path):
    tmp_path.chmod(0o300)
    try:
        context = TaskContext(clock=StillClock())
        assert bring(tmp_path / "a", {"j": {}}, context=context)[0]["changed"] is True
    finally:
        tmp_path.chmod(0o700)
    assert os.listdir(tmp_path) == ["a"]


LEFTOVER = ".saasops-jobs-0123456789abcdef.part"


def old(path):
    """More than a day."""
    then = time.time() - 25 * 3600
    os.utime(path, (then, then), follow_symlinks=False)


def test_old_temporary_files_of_killed_tasks_are_removed(tmp_path):
    others = [".saasops-jobs-0123456789abcdef.partial", "saasops-jobs-0123456789abcdef.part", "a.part", "kept"]
    for name in (LEFTOVER, *others):
        (tmp_path / name).write_text("")
        old(tmp_path / name)
    young = LEFTOVER.replace("0", "1")
    (tmp_path / young).write_text("")
    bring(tmp_path / "a", {"j": {}}, check=True)
    assert (tmp_path / LEFTOVER).exists()
    bring(tmp_path / "a", {"j": {}})
    assert sorted(os.listdir(tmp_path)) == sorted([*others, young, "a"])


def test_a_temporary_file_that_is_in_use_is_not_removed(tmp_path):
    def look():
        for part in tmp_path.glob("*.part"):
            old(part)
        remove_leftovers(str(tmp_path))

    get(Server((LARGE, None), on_piece=look), tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == LARGE


def test_only_ordinary_files_of_the_user_are_removed(tmp_path, monkeypatch):
    (tmp_path / "theirs").write_text("before")
    (tmp_path / LEFTOVER).symlink_to(tmp_path / "theirs")
    (tmp_path / LEFTOVER.replace("0", "1")).mkdir()
    os.mkfifo(tmp_path / LEFTOVER.replace("0", "2"))
    for path in list(tmp_path.iterdir()):
        old(path)
    remove_leftovers(str(tmp_path))
    assert len(os.listdir(tmp_path)) == 4
    (tmp_path / LEFTOVER).unlink()
    (tmp_path / LEFTOVER).write_text("")
    old(tmp_path / LEFTOVER)
    with monkeypatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
        remove_leftovers(str(tmp_path))
    assert len(os.listdir(tmp_path)) == 4
    remove_leftovers(str(tmp_path))
    assert sorted(os.listdir(tmp_path)) == sorted(["theirs", LEFTOVER.replace("0", "1"), LEFTOVER.replace("0", "2")])
    remove_leftovers(str(tmp_path / "nowhere"))

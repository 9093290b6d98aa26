# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Owner, group and permissions of files: set before the file takes its place, and never too open on the way."""

from __future__ import annotations

import errno
import os
import stat

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.files.destination import Destination
from ansible_collections.saasops.jobs.tests.unit.support.downloads import WHOLE, Jobs, bring
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import StillClock

# Ids that no user and no group of the machine has.
OWNER, GROUP = 54321, 54322
OTHERS = {"owner": str(OWNER), "group": str(GROUP)}
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files to others")


def status_of(path):
    status = path.stat()
    return status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)


@pytest.fixture
def states(monkeypatch):
    """The (owner, group, permissions) that files have had, after every call that changes them."""
    seen = []

    def watched(call):
        def watching(descriptor, *arguments):
            call(descriptor, *arguments)
            status = os.fstat(descriptor)
            seen.append((status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)))

        return watching

    monkeypatch.setattr(os, "fchmod", watched(os.fchmod))
    monkeypatch.setattr(os, "fchown", watched(os.fchown))
    return seen


@as_root
@pytest.mark.parametrize("mode", ["0640", "u=rw,g=r", "0440", None])
def test_a_download_with_an_owner_is_predicted_done_and_not_repeated(tmp_path, states, mode):
    dest = tmp_path / "a"
    predicted, _reconciler = bring(dest, {"j": {}}, check=True, mode=mode, attributes=OTHERS)
    real, _reconciler = bring(dest, {"j": {}}, mode=mode, attributes=OTHERS)
    wanted = {"0640": 0o640, "u=rw,g=r": 0o640, "0440": 0o440, None: 0o600}[mode]
    assert status_of(dest) == (OWNER, GROUP, wanted)
    file = {"dest": str(dest), "size": len(WHOLE), "mode": f"{wanted:04o}", **OTHERS}
    assert (real["jobs"][0]["files"], predicted["jobs"][0]["files"]) == ([file], [{**file, "size": None}])
    # Before it belongs to its new owner and group, nobody but its owner may read it.
    assert all(permissions & 0o077 == 0 for owner, _group, permissions in states if owner != OWNER)
    assert all(permissions & ~wanted == 0 for owner, _group, permissions in states if owner == OWNER and mode)
    for check in (True, False):
        again, reconciler = bring(dest, {"j": {}}, check=check, mode=mode, attributes=OTHERS)
        assert (again["changed"], reconciler.opened, again["jobs"][0]["files"]) == (False, [], [file])


@as_root
def test_only_the_attributes_are_changed_if_the_content_is_there(tmp_path, states):
    dest = tmp_path / "a"
    bring(dest, {"j": {}}, mode="0644")
    time, number = dest.stat().st_mtime_ns, dest.stat().st_ino
    states.clear()
    more = {"mode": "0640", "attributes": OTHERS}
    predicted, _reconciler = bring(dest, {"j": {"spent": True}}, check=True, **more)
    assert status_of(dest) == (os.geteuid(), os.getegid(), 0o644)
    real, reconciler = bring(dest, {"j": {"spent": True}}, **more)
    assert real == predicted
    assert (real["changed"], real["jobs"][0]["action"], reconciler.opened) == (True, "set_attributes", [])
    assert real["diff"]["before"]["j"]["files"][0]["mode"] == "0644"
    assert {**real["diff"]["after"]["j"]["files"][0], **OTHERS, "mode": "0640"} == real["jobs"][0]["files"][0]
    assert status_of(dest) == (OWNER, GROUP, 0o640)
    assert (dest.stat().st_mtime_ns, dest.stat().st_ino) == (time, number)
    # The new owner and group are never granted what the old ones alone were granted.
    assert all(permissions & ~0o640 == 0 for _owner, _group, permissions in states)
    assert bring(dest, {"j": {"spent": True}}, **more)[0]["changed"] is False


@as_root
def test_an_owner_alone_is_a_change_and_keeps_the_permissions(tmp_path):
    bring(tmp_path / "a", {"j": {}}, mode="0644")
    result, _reconciler = bring(tmp_path / "a", {"j": {}}, attributes={"owner": str(OWNER)})
    assert (result["changed"], result["jobs"][0]["action"]) == (True, "set_attributes")
    assert status_of(tmp_path / "a") == (OWNER, os.getegid(), 0o644)


def test_symbols_change_the_permissions_of_a_file_that_is_kept(tmp_path):
    bring(tmp_path / "a", {"j": {}}, mode="0604")
    predicted, _reconciler = bring(tmp_path / "a", {"j": {}}, mode="g+r", check=True)
    real, _reconciler = bring(tmp_path / "a", {"j": {}}, mode="g+r")
    assert real == predicted
    assert (real["jobs"][0]["action"], real["jobs"][0]["files"][0]["mode"]) == ("set_mode", "0644")
    assert bring(tmp_path / "a", {"j": {}}, mode="g+r")[0]["changed"] is False


@pytest.mark.parametrize("number", [errno.EPERM, errno.EINVAL])
def test_an_owner_that_cannot_be_set_is_an_error_before_anything_is_fetched(tmp_path, monkeypatch, number):
    def refuse(*_arguments):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fchown", refuse)
    (tmp_path / "a").write_text("before")
    result, reconciler = bring(tmp_path / "a", {"j": {}}, attributes=OTHERS)
    assert (result["failed"], result["changed"], reconciler.opened) == (True, False, [])
    why = (
        f"it cannot be given to owner {OWNER} and group {GROUP} ({os.strerror(number)}); usually only root may do that"
    )
    assert result["msg"] == f"{tmp_path / 'a'} could not be written: {why}."
    assert (os.listdir(tmp_path), (tmp_path / "a").read_text()) == (["a"], "before")


def test_a_file_that_cannot_be_given_away_keeps_its_attributes(tmp_path, monkeypatch):
    bring(tmp_path / "a", {"j": {}}, mode="0644")

    def refuse(*_arguments):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "fchown", refuse)
    result, _reconciler = bring(tmp_path / "a", {"j": {}}, mode="0600", attributes=OTHERS)
    assert (result["failed"], result["changed"]) == (True, False)
    assert "The attributes of" in result["msg"]
    assert "usually only root may do that" in result["msg"]
    assert status_of(tmp_path / "a") == (os.geteuid(), os.getegid(), 0o644)


def test_a_file_system_without_owners_is_an_error_before_anything_is_fetched(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fchown", lambda *_arguments: None)
    result, reconciler = bring(tmp_path / "a", {"j": {}}, attributes=OTHERS)
    assert f"its file system does not store owner {OWNER} and group {GROUP}" in result["msg"]
    assert (reconciler.opened, os.listdir(tmp_path)) == ([], [])


def test_the_own_user_needs_no_privileges(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fchown", None)
    own = {"owner": str(os.geteuid()), "group": str(os.getegid())}
    assert bring(tmp_path / "a", {"j": {}}, attributes=own)[0]["changed"] is True
    assert bring(tmp_path / "a", {"j": {}}, attributes=own)[0]["changed"] is False


@pytest.mark.parametrize("option, what", [("owner", "user"), ("group", "group")])
@pytest.mark.parametrize("value", ["nobody-of-that-name", "-1", "", "4294967295", "1" * 5000, "a\0b"])
def test_an_unknown_owner_is_refused_and_in_check_mode_only_a_warning(tmp_path, option, what, value):
    params = {"dest": str(tmp_path / "a"), "mode": None, option: value}
    with pytest.raises(errors.InvalidInput, match=f"{option}: there is no {what} .* on this machine"):
        Destination(params, 1, TaskContext())
    result, _reconciler = bring(tmp_path / "a", {"j": {}}, check=True, attributes={option: value})
    assert (result["changed"], len(result["warnings"])) == (True, 1)
    assert "fails unless an earlier one creates it" in result["warnings"][0]
    assert result["jobs"][0]["files"][0][option] == value


def test_unsafe_writes_is_refused(tmp_path):
    with pytest.raises(errors.InvalidInput, match="unsafe_writes: true is not supported"):
        Destination({"dest": str(tmp_path / "a"), "mode": None, "unsafe_writes": True}, 1, TaskContext())


@as_root
def test_a_complete_archive_that_loses_its_owner_after_all_is_kept(tmp_path, monkeypatch):
    fchown = os.fchown

    class Refusing(Jobs):
        def open(self, key, archive, headers):
            def refuse(*_arguments):
                raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

            monkeypatch.setattr(os, "fchown", refuse)
            return super().open(key, archive, headers)

    context = TaskContext(clock=StillClock(), diff_mode=True)
    result, _reconciler = bring(tmp_path / "a", {"j": {}}, context=context, attributes=OTHERS, kind=Refusing)
    monkeypatch.setattr(os, "fchown", fchown)
    (kept,) = os.listdir(tmp_path)
    assert f"The download is complete and was kept as {tmp_path / kept}" in result["msg"]
    assert (tmp_path / kept).read_bytes() == WHOLE
    assert status_of(tmp_path / kept)[2] & 0o077 == 0

# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
from datetime import timedelta
from threading import main_thread

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.files.destination import Destination
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile import engine, report
from ansible_collections.saasops.jobs.tests.unit.support.downloads import MADE, WHOLE, Jobs, bring
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import StillClock
from ansible_collections.saasops.jobs.tests.unit.support.progress import Recorder
from ansible_collections.saasops.jobs.tests.unit.support.transfers import archive


def test_a_download_is_predicted_done_and_not_repeated(tmp_path):
    dest = tmp_path / "a.tar.gz"
    predicted, reconciler = bring(dest, {"j": {}}, check=True)
    assert (predicted["changed"], reconciler.opened, os.listdir(tmp_path)) == (True, [], [])
    entry = predicted["jobs"][0]
    assert entry["files"] == [{"dest": str(dest), "size": None, "mode": "0600"}]
    assert predicted["diff"] == {"before": {"j": {"files": []}}, "after": {"j": {"files": entry["files"]}}}
    real, _reconciler = bring(dest, {"j": {}})
    assert real["jobs"][0] == {**entry, "files": [{**entry["files"][0], "size": len(WHOLE)}]}
    assert dest.read_bytes() == WHOLE
    again, reconciler = bring(dest, {"j": {}})
    assert (again["changed"], reconciler.opened) == (False, [])
    assert again["jobs"][0]["action"] == "none"
    assert again["jobs"][0]["files"] == real["jobs"][0]["files"]


@pytest.mark.parametrize("content", [WHOLE[:-1], b"something else"])
def test_an_incomplete_file_is_fetched_again(tmp_path, content):
    dest = tmp_path / "a.tar.gz"
    bring(dest, {"j": {}})
    time = dest.stat().st_mtime_ns
    dest.write_bytes(content)
    os.utime(dest, ns=(time, time))
    result, reconciler = bring(dest, {"j": {}})
    assert (result["changed"], reconciler.opened) == (True, [("j", None)])
    assert dest.read_bytes() == WHOLE


def test_the_archive_of_a_later_run_replaces_the_file(tmp_path):
    bring(tmp_path / "a", {"j": {}})
    result, _reconciler = bring(tmp_path / "a", {"j": {"made": MADE + timedelta(seconds=60)}})
    assert result["changed"] is True


def test_archives_of_the_same_second_are_told_apart(tmp_path):
    jobs = {"j": {}, "k": {"content": archive(2000)}}
    for key in ("j", "k", "k", "j"):
        result, _reconciler = bring(tmp_path / "a", jobs, keys=[key])
        again, _reconciler = bring(tmp_path / "a", jobs, keys=[key])
        assert (again["changed"], (tmp_path / "a").read_bytes()) == (False, jobs[key].get("content", WHOLE))
    assert result["changed"] is True


def test_the_file_has_the_time_of_the_archive(tmp_path):
    bring(tmp_path / "a", {"j": {}})
    assert int((tmp_path / "a").stat().st_mtime) == MADE.timestamp()


def test_an_archive_without_a_time_is_fetched_again(tmp_path):
    bring(tmp_path / "a", {"j": {"made": None}})
    result, _reconciler = bring(tmp_path / "a", {"j": {"made": None}})
    assert result["changed"] is True


def test_only_the_permissions_are_changed_if_the_content_is_there(tmp_path):
    dest = tmp_path / "a"
    bring(dest, {"j": {}}, mode="0600")
    predicted, _reconciler = bring(dest, {"j": {}}, mode="0644", check=True)
    real, reconciler = bring(dest, {"j": {}}, mode="0644")
    assert real == predicted
    assert (real["jobs"][0]["action"], real["changed"], reconciler.opened) == ("set_mode", True, [])
    assert dest.stat().st_mode & 0o777 == 0o644
    assert int(dest.stat().st_mtime) == MADE.timestamp()
    # Nobody asks for any.
    assert bring(dest, {"j": {}})[0]["changed"] is False


def test_a_file_that_is_there_needs_no_job_that_is_ready(tmp_path):
    bring(tmp_path / "a", {"j": {}})
    result, _reconciler = bring(tmp_path / "a", {"j": {"ready": False}})
    assert (result["changed"], "failed" in result) == (False, False)
    result, _reconciler = bring(tmp_path / "a", {"j": {"ready": False}}, force=True)
    assert result["msg"] == "Job j is not ready."


def test_several_archives_go_into_a_new_folder(tmp_path):
    jobs = {"j": {}, "k": {"parts": ["s0", "s/1"]}, "l": {"ready": False}, "m": {"content": WHOLE[:-9]}}
    result, _reconciler = bring(tmp_path / "new", jobs, keys=["j", "k", "l", "m", "n"])
    assert sorted(os.listdir(tmp_path / "new")) == ["j.tar.gz", "ks0.tar.gz", "ks_1.tar.gz"]
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert result["summary"] == {"requested": 5, "changed": 2, "unchanged": 0, "failed": 3}
    assert [file["part"] for file in result["jobs"][1]["files"]] == ["s0", "s/1"]
    errors_said = [entry.get("error", {}).get("message", "") for entry in result["jobs"]]
    assert "not ready" in errors_said[2]
    assert "truncated" in errors_said[3]
    assert "does not exist" in errors_said[4]


def test_several_parts_need_a_folder(tmp_path):
    result, reconciler = bring(tmp_path / "a", {"k": {"parts": ["s0", "s1"]}})
    assert "comes in 2 parts" in result["msg"]
    assert reconciler.opened == []
    result, _reconciler = bring(f"{tmp_path}/b/", {"k": {"parts": ["s0", "s1"]}})
    assert sorted(os.listdir(tmp_path / "b")) == ["ks0.tar.gz", "ks1.tar.gz"]


@pytest.mark.parametrize("jobs", [{"k": {"parts": ["a/b", "a_b"]}}, {"k": {"name": "x"}, "l": {"name": "x"}}])
def test_two_archives_never_go_into_one_file(tmp_path, jobs):
    result, reconciler = bring(f"{tmp_path}/b/", jobs)
    assert "Two archives would be written to the same file" in result["msg"]
    assert result["summary"]["failed"] == 1
    assert reconciler.opened == ([] if len(jobs) == 1 else [("k", None)])


def test_fetched_parts_are_reported_even_if_another_fails(tmp_path):
    class Half(Jobs):
        def open(self, key, archive, headers):
            if archive.part == "s1":
                raise errors.JobsError("The address was used up.")
            return super().open(key, archive, headers)

    context = TaskContext(clock=StillClock())
    destination = Destination({"dest": f"{tmp_path}/b/", "mode": "0600", "force": False}, 1, TaskContext())
    reconciler = Half(destination, {"k": {"parts": ["s0", "s1", "s2"]}}, context)
    settings = HttpSettings(retries=0)
    result = report.report(reconciler, engine.reconcile(reconciler, ["k"], context, settings), context)
    assert (result["changed"], result["msg"]) == (True, "The address was used up.")
    assert [file["part"] for file in result["jobs"][0]["files"]] == ["s0"]


def test_only_a_missing_part_is_fetched(tmp_path):
    bring(f"{tmp_path}/b/", {"k": {"parts": ["s0", "s1"]}})
    os.unlink(tmp_path / "b" / "ks1.tar.gz")
    _result, reconciler = bring(f"{tmp_path}/b/", {"k": {"parts": ["s0", "s1"]}})
    assert reconciler.opened == [("k", "s1")]


def test_a_link_of_the_user_is_followed(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "between")
    (tmp_path / "between").symlink_to("a")
    result, _reconciler = bring(tmp_path / "link", {"j": {}})
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "a").read_bytes() == WHOLE
    assert result["jobs"][0]["files"][0]["dest"] == str(tmp_path / "a")
    assert bring(tmp_path / "link", {"j": {}})[0]["changed"] is False


def test_an_archive_under_its_former_name_is_recognized_and_kept_there(tmp_path):
    bring(f"{tmp_path}/", {"j": {"name": "old"}})
    for check in (True, False):
        result, reconciler = bring(f"{tmp_path}/", {"j": {"former": "old", "spent": True}}, check=check)
        assert (result["changed"], "failed" in result, reconciler.opened) == (False, False, [])
        assert result["files"] == {"j": [str(tmp_path / "old.tar.gz")]}
    narrowed, _reconciler = bring(f"{tmp_path}/", {"j": {"former": "old"}}, mode="0400")
    assert (narrowed["jobs"][0]["action"], os.listdir(tmp_path)) == ("set_mode", ["old.tar.gz"])
    assert (tmp_path / "old.tar.gz").stat().st_mode & 0o777 == 0o400


@pytest.mark.parametrize("content", [WHOLE[:-1], archive(2000), None])
def test_another_file_under_the_former_name_is_left_alone(tmp_path, content):
    old = tmp_path / "old.tar.gz"
    if content is None:
        os.mkfifo(old)
    else:
        old.write_bytes(content)
    result, _reconciler = bring(f"{tmp_path}/", {"j": {"former": "old"}})
    assert result["files"] == {"j": [str(tmp_path / "j.tar.gz")]}
    assert content is None or old.read_bytes() == content


def test_the_current_name_wins_over_the_former_one_and_force_uses_it(tmp_path):
    bring(f"{tmp_path}/", {"j": {"name": "old"}})
    result, reconciler = bring(f"{tmp_path}/", {"j": {"former": "old"}}, force=True)
    assert (result["changed"], sorted(os.listdir(tmp_path))) == (True, ["j.tar.gz", "old.tar.gz"])
    result, reconciler = bring(f"{tmp_path}/", {"j": {"former": "old"}})
    assert (result["changed"], result["files"]) == (False, {"j": [str(tmp_path / "j.tar.gz")]})


def test_a_file_that_is_named_by_dest_has_no_former_name(tmp_path):
    bring(tmp_path / "old.tar.gz", {"j": {}})
    result, _reconciler = bring(tmp_path / "new.tar.gz", {"j": {"former": "old"}})
    assert (result["changed"], result["files"]) == (True, {"j": [str(tmp_path / "new.tar.gz")]})


def test_files_maps_each_job_that_did_not_fail_to_its_paths(tmp_path):
    jobs = {"j": {}, "k": {"parts": ["s0", "s1"]}, "l": {"ready": False}}
    predicted, _reconciler = bring(f"{tmp_path}/new/", jobs, check=True)
    real, _reconciler = bring(f"{tmp_path}/new/", jobs)
    again, _reconciler = bring(f"{tmp_path}/new/", jobs)
    assert real["files"] == {
        "j": [f"{tmp_path}/new/j.tar.gz"],
        "k": [f"{tmp_path}/new/ks0.tar.gz", f"{tmp_path}/new/ks1.tar.gz"],
    }
    assert predicted["files"] == again["files"] == real["files"]


def give_away(link, monkeypatch):
    """Makes a link another user's."""
    if os.geteuid() == 0:
        os.lchown(link, 65534, 65534)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: link.lstat().st_uid + 1)


@pytest.mark.parametrize("dest", ["j.tar.gz", ""])
def test_a_link_of_another_user_is_replaced_itself(tmp_path, monkeypatch, dest):
    (tmp_path / "theirs").write_text("before")
    (tmp_path / "folder").mkdir()
    link = tmp_path / "folder" / "j.tar.gz"
    link.symlink_to(tmp_path / "theirs")
    give_away(link, monkeypatch)
    # A whole archive behind the link is not looked at either.
    predicted, _reconciler = bring(tmp_path / "folder" / dest, {"j": {}}, check=True)
    result, _reconciler = bring(tmp_path / "folder" / dest, {"j": {}})
    assert (predicted["changed"], result["changed"]) == (True, True)
    assert (link.is_symlink(), link.read_bytes()) == (False, WHOLE)
    assert (tmp_path / "theirs").read_text() == "before"


def test_a_link_that_appears_after_the_look_is_replaced_itself(tmp_path):
    class Swapping(Jobs):
        def open(self, key, archive, headers):
            (tmp_path / "a").symlink_to(tmp_path / "theirs")
            return super().open(key, archive, headers)

    (tmp_path / "theirs").write_text("before")
    context = TaskContext(clock=StillClock())
    destination = Destination({"dest": str(tmp_path / "a"), "mode": None}, 1, TaskContext())
    engine.reconcile(Swapping(destination, {"j": {}}, context), ["j"], context, HttpSettings(retries=0))
    assert (tmp_path / "a").read_bytes() == WHOLE
    assert (tmp_path / "theirs").read_text() == "before"


def test_circular_links_are_refused(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(errors.InvalidInput, match="too many links"):
        Destination({"dest": str(tmp_path / "a"), "mode": None}, 1, TaskContext())


@pytest.mark.parametrize(
    "given, mode",
    [
        (0o600, 0o600),
        (0o755, 0o755),
        (0o644, 0o644),
        ("0640", 0o640),
        ("640", 0o640),
        ("0o640", 0o640),
        (0o640, 0o640),
        (0o444, 0o444),
    ],
)
def test_permissions_are_read_from_text_and_numbers(tmp_path, given, mode):
    assert Destination({"dest": str(tmp_path), "mode": given, "force": False}, 1, TaskContext()).mode == mode


@pytest.mark.parametrize(
    "given", [-1, -384, 640, 400, 440, 444, 500, 600, 644, 755, "u=rws", "u=rw;g=r", "0999", "", "4755", True, 1.5]
)
def test_malformed_permissions_are_refused(tmp_path, given):
    with pytest.raises(errors.InvalidInput, match="mode"):
        Destination({"dest": str(tmp_path), "mode": given, "force": False}, 1, TaskContext())


def test_an_impossible_destination_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    cases = (
        ("file", 2, "but a folder is required"),
        ("x/y", 1, "there is no folder"),
        ("a\0b", 1, "control character"),
    )
    for dest, count, words in cases:
        with pytest.raises(errors.InvalidInput, match=words):
            Destination({"dest": str(tmp_path / dest), "mode": "0600", "force": False}, count, TaskContext())


def test_a_pipe_is_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    result, _reconciler = bring(tmp_path / "pipe", {"j": {}})
    assert "is not a regular file" in result["msg"]


def test_a_read_only_folder_is_reported_before_anything_is_fetched(tmp_path, monkeypatch):
    # Whoever runs the tests may write everywhere.
    bring(tmp_path / "a", {"j": {}})
    monkeypatch.setattr(os, "access", lambda path, mode: path != str(tmp_path))
    for check in (True, False):
        result, reconciler = bring(tmp_path / "b", {"j": {}}, check=check)
        assert f"the folder {tmp_path} is not writable" in result["msg"]
        assert reconciler.opened == []
        # What is there already needs no writing.
        assert bring(tmp_path / "a", {"j": {}}, check=check)[0]["changed"] is False


def test_a_folder_in_the_place_of_the_file_is_an_error(tmp_path):
    (tmp_path / "j.tar.gz").mkdir()
    result, _reconciler = bring(tmp_path, {"j": {}})
    assert "is a folder" in result["msg"]


def test_a_download_that_takes_time_shows_its_progress_meanwhile_in_the_main_thread(tmp_path):
    recorder = Recorder()
    context = TaskContext(clock=StillClock(), listener=recorder)
    begun = []

    def on_piece():
        if begun:
            context.clock.time += 5
            # The thread that downloads waits for the main thread, so that it sees these very numbers.
            recorder.wait_for(len(begun))
        begun.append(True)

    jobs = {"j": {"content": archive(250_000)}}
    result, _reconciler = bring(tmp_path / "a", jobs, context=context, on_piece=on_piece)
    assert recorder.lines == [
        "The archive of job j: received 97.7 KiB, 19.5 KiB/s",
        "The archive of job j: received 195.3 KiB, 19.5 KiB/s",
    ]
    assert recorder.threads == {main_thread()}
    assert result["changed"] is True

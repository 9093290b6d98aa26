# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SELinux contexts and flags, against a machine that has both: the programs and the library below ansible-core."""

from __future__ import annotations

import json
import os

import pytest
from ansible.module_utils import basic
from ansible_collections.saasops.jobs.plugins.module_utils._core.files import file_flags
from ansible_collections.saasops.jobs.plugins.module_utils._core.files.ansible_files import FileModule, Labels
from ansible_collections.saasops.jobs.tests.unit.support.downloads import WHOLE, bring

LSATTR = """#!/usr/bin/env python3
import json, os, sys
path = os.path.realpath(sys.argv[-1])
state = json.load(open(STATE))
print("----" + state.get(str(os.stat(path).st_ino), "e") + "----", path)
"""
CHATTR = """#!/usr/bin/env python3
import json, os, sys
change, path = sys.argv[1], os.path.realpath(sys.argv[2])
state = json.load(open(STATE))
if REFUSES:
    sys.exit("chattr: Operation not permitted while setting flags on " + path + "\\n")
number = str(os.stat(path).st_ino)
flags, letters = set(state.get(number, "e")), set(change[1:])
flags = {"+": flags | letters, "-": flags - letters}[change[0]]
state[number] = "".join(sorted(flags))
json.dump(state, open(STATE, "w"))
with open(STATE + ".calls", "a") as calls:
    print(change, file=calls)
"""


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """Returns a function that puts chattr and lsattr in place, and one that returns the calls of chattr."""
    folder = tmp_path / "programs"
    folder.mkdir()
    state = folder / "state"
    state.write_text("{}")

    def install(refuses=False):
        for name, text in (("lsattr", LSATTR), ("chattr", CHATTR)):
            text = text.replace("STATE", repr(str(state))).replace("REFUSES", str(refuses))
            (folder / name).write_text(text)
            (folder / name).chmod(0o755)

    def calls():
        path = folder / "state.calls"
        return path.read_text().split() if path.exists() else []

    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    return install, calls


@pytest.mark.parametrize("flags, expected", [("+i", "ei"), ("i", "ei"), ("=ai", "aei"), ("+e", "e"), ("-i", "e")])
def test_flags_are_set_once_the_file_is_in_its_place(tmp_path, programs, flags, expected):
    install, calls = programs
    install()
    dest = tmp_path / "a"
    predicted, _reconciler = bring(dest, {"j": {}}, check=True, attributes={"attributes": flags})
    assert (predicted["jobs"][0]["files"][0]["attributes"], calls()) == (None, [])
    real, _reconciler = bring(dest, {"j": {}}, attributes={"attributes": flags})
    assert (real["jobs"][0]["files"][0]["attributes"], dest.read_bytes(), real["warnings"]) == (expected, WHOLE, [])
    before = calls()
    for check in (True, False):
        again, _reconciler = bring(dest, {"j": {}}, check=check, attributes={"attributes": flags})
        assert (again["changed"], again["jobs"][0]["files"][0]["attributes"]) == (False, expected)
    assert calls() == before


def test_flags_alone_are_a_change_that_is_predicted(tmp_path, programs):
    install, _calls = programs
    install()
    bring(tmp_path / "a", {"j": {}})
    predicted, _reconciler = bring(tmp_path / "a", {"j": {}}, check=True, attributes={"attributes": "+i"})
    real, _reconciler = bring(tmp_path / "a", {"j": {}}, attributes={"attributes": "+i"})
    assert real == predicted
    assert real["jobs"][0]["action"] == "set_attributes"
    sides = [real["diff"][side]["j"]["files"][0]["attributes"] for side in ("before", "after")]
    assert sides == ["e", "ei"]


@pytest.mark.parametrize("are_there", [True, False])
def test_flags_that_cannot_be_set_are_an_error_before_anything_is_fetched(tmp_path, programs, monkeypatch, are_there):
    install, _calls = programs
    if are_there:
        install(refuses=True)
    else:

        def no_program(name):
            raise ValueError(name)

        monkeypatch.setattr(file_flags, "get_bin_path", no_program)
    result, reconciler = bring(tmp_path / "a", {"j": {}}, attributes={"attributes": "+i"})
    assert (result["failed"], result["changed"], reconciler.opened) == (True, False, [])
    why = (
        "chattr failed (Operation not permitted)"
        if are_there
        else "this machine has no program chattr, which sets attributes"
    )
    assert result["msg"].endswith(f"The attributes of {tmp_path / 'a'} could not be set: {why}.")
    assert os.listdir(tmp_path) == ["programs"]


@pytest.mark.parametrize("check", [True, False])
def test_flags_that_are_refused_after_the_permissions_were_set_leave_a_change_that_is_told(tmp_path, programs, check):
    install, _calls = programs
    install(refuses=True)
    bring(tmp_path / "a", {"j": {}}, mode="0600")
    options = {"attributes": {"attributes": "+i"}, "mode": "0640"}
    result, _reconciler = bring(tmp_path / "a", {"j": {}}, check=check, **options)
    assert (result.get("failed", False), result["changed"]) == (not check, True)
    assert ((tmp_path / "a").stat().st_mode & 0o777) == (0o600 if check else 0o640)


def test_flags_that_nothing_was_set_before_are_refused_without_a_change(tmp_path, programs):
    install, _calls = programs
    install(refuses=True)
    bring(tmp_path / "a", {"j": {}})
    result, _reconciler = bring(tmp_path / "a", {"j": {}}, attributes={"attributes": "+i"})
    assert (result["failed"], result["changed"]) == (True, False)


@pytest.mark.parametrize(
    "change, now, then, steps",
    [
        ("+i", "e", "ei", ["+i"]),
        ("-i", "ei", "e", ["-i"]),
        ("=d", "eA", "de", ["-A", "+d"]),
        ("d", "e", "de", ["+d"]),
        ("=A", "Ae", "Ae", []),
    ],
)
def test_flags_are_removed_before_others_are_added_and_those_of_the_file_system_stay(
    tmp_path, programs, change, now, then, steps
):
    install, calls = programs
    install()
    file = tmp_path / "file"
    file.write_text("")
    (tmp_path / "programs" / "state").write_text(json.dumps({str(file.stat().st_ino): now}))
    flags = file_flags.Flags(change)
    assert flags.after(frozenset(now)) == frozenset(then)
    flags.attempt(str(file))
    assert file_flags.flags_of(str(file)) == frozenset(now)
    done = len(calls())
    flags.remove(str(file))
    flags.add(str(file))
    assert (file_flags.flags_of(str(file)), calls()[done:]) == (frozenset(then), steps)


@pytest.mark.parametrize("flags", [None, "", "+", "="])
def test_no_flags_are_none(flags):
    assert not Labels.from_params({"attributes": flags}, None).are_given


class Selinux:
    """What the library knows of a machine: the contexts by inode, and what its policy has for a path."""

    def __init__(self):
        self.contexts = {}
        self.asked = []

    def is_selinux_enabled(self):
        return 1

    def is_selinux_mls_enabled(self):
        return 1

    def matchpathcon(self, path, _mode):
        self.asked.append(path)
        return [0, "system_u:object_r:backup_t:s0"]

    def lgetfilecon_raw(self, path):
        return [0, self.contexts.get(os.stat(path).st_ino, "unconfined_u:object_r:tmp_t:s0")]

    def lsetfilecon(self, path, context):
        if "refused_t" in context:
            raise OSError(22, "Invalid argument")
        self.contexts[os.stat(path).st_ino] = context
        return 0


@pytest.fixture
def selinux(monkeypatch):
    library = Selinux()
    monkeypatch.setattr(basic, "selinux", library, raising=False)
    monkeypatch.setattr(basic, "HAVE_SELINUX", True)
    return library


@pytest.mark.parametrize(
    "options, expected",
    [
        ({"setype": "logs_t"}, "unconfined_u:object_r:logs_t:s0"),
        ({"setype": "_default", "seuser": "_default"}, "system_u:object_r:backup_t:s0"),
        ({"serole": "object_r", "selevel": "s0:c1"}, "unconfined_u:object_r:tmp_t:s0:c1"),
    ],
)
def test_a_context_is_set_before_the_file_takes_its_place(tmp_path, selinux, options, expected):
    dest = tmp_path / "a"
    real, _reconciler = bring(dest, {"j": {}}, attributes=options)
    assert real["jobs"][0]["files"][0]["secontext"] == expected
    # The policy goes by the path that the file will have.
    assert set(selinux.asked) == {str(dest)}
    for check in (True, False):
        assert bring(dest, {"j": {}}, check=check, attributes=options)[0]["changed"] is False
    selinux.contexts.clear()
    predicted, _reconciler = bring(dest, {"j": {}}, check=True, attributes=options)
    again, _reconciler = bring(dest, {"j": {}}, attributes=options)
    assert predicted == again
    assert (again["jobs"][0]["action"], again["jobs"][0]["files"][0]["secontext"]) == ("set_attributes", expected)


def test_a_context_that_is_refused_is_an_error_before_anything_is_fetched(tmp_path, selinux):
    result, reconciler = bring(tmp_path / "a", {"j": {}}, attributes={"setype": "refused_t"})
    assert (result["failed"], reconciler.opened, os.listdir(tmp_path)) == (True, [], [])
    assert "invalid selinux context: [Errno 22] Invalid argument" in result["msg"]


def test_a_context_is_ignored_where_selinux_is_off(tmp_path):
    options = {"setype": "logs_t"}
    result, _reconciler = bring(tmp_path / "a", {"j": {}}, attributes=options)
    assert ("failed" in result, result["jobs"][0]["files"][0]["secontext"]) == (False, None)
    assert bring(tmp_path / "a", {"j": {}}, attributes=options)[0]["changed"] is False


def test_a_file_module_reads_no_arguments_and_leaves_the_process_as_it_was(monkeypatch):
    monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": {"unknown": 1}}).encode())
    before = os.getcwd(), dict(os.environ)
    module = FileModule(["nfs"], check_mode=True)
    assert (module.check_mode, module._selinux_special_fs, module.params) == (True, ["nfs"], {})
    assert (os.getcwd(), dict(os.environ)) == before

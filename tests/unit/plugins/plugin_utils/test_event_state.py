# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file in which an event source remembers what it has told."""

from __future__ import annotations

import json
import os
import stat

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput, JobsError
from ansible_collections.saasops.jobs.plugins.plugin_utils import _event_state
from ansible_collections.saasops.jobs.plugins.plugin_utils._event_changes import Known
from ansible_collections.saasops.jobs.plugins.plugin_utils._event_state import Identity, StateFile

IDENTITY = Identity("log_collection", "https://om.example.net")
STATE = {"p1": {"a": Known("FAILURE", None, 2, False, 5, {"id": "a", "resourceName": "rs\u00e9"})}, "p2": {}}


@pytest.fixture(autouse=True)
def no_patience(monkeypatch):
    monkeypatch.setattr(_event_state, "_LONGEST_OVERLAP", 0)


class LoadedFile(StateFile):
    """A state file that each load() leaves to others."""

    def load(self):
        try:
            return super().load()
        finally:
            self.release()


@pytest.fixture
def file(tmp_path):
    return LoadedFile(str(tmp_path / "state.json"), IDENTITY)


def test_a_missing_file_remembers_nothing_and_is_not_made(file, tmp_path):
    assert file.load() == {}
    assert [path.name for path in tmp_path.iterdir()] == ["state.json.lock"]


def test_a_file_is_for_one_source_at_a_time(tmp_path):
    first, second = (StateFile(str(tmp_path / "state.json"), IDENTITY) for _source in range(2))
    first.load()
    for _attempt in range(2):
        with pytest.raises(InvalidInput, match="is in use by another source. Give each source a file of its own"):
            second.load()
    first.release()
    second.load()
    second.release()


def test_what_is_saved_is_loaded_and_only_its_owner_can_read_it(file, tmp_path):
    file.save(STATE)
    assert file.load() == STATE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["state.json", "state.json.lock"]
    assert stat.S_IMODE((tmp_path / "state.json").stat().st_mode) == 0o600


def test_without_a_path_nothing_is_kept(tmp_path):
    file = StateFile(None, IDENTITY)
    file.save(STATE)
    assert file.load() == {}


def test_a_file_that_cannot_be_written_stays_as_it_was(file, tmp_path, monkeypatch):
    file.save(STATE)

    def fail(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(JobsError, match="could not be written: No space left on device"):
        file.save({})
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]
    assert file.load() == STATE


@pytest.mark.parametrize("identity", [Identity("atlas", IDENTITY.base_url), Identity("log_collection", "https://b")])
def test_the_file_of_another_source_is_refused_and_kept(file, tmp_path, identity):
    file.save(STATE)
    with pytest.raises(InvalidInput, match=r"is about log_collection at https://om\.example\.net, and not about"):
        LoadedFile(str(tmp_path / "state.json"), identity).load()
    assert file.load() == STATE


def changed(change):
    def write(path):
        data = json.loads(path.read_text())
        change(data)
        path.write_text(json.dumps(data))

    return write


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda path: path.write_text(path.read_text()[:-7]), "does not hold JSON"),
        (lambda path: path.write_bytes(b"\xff\xfe"), "does not hold JSON"),
        (lambda path: path.write_text("[" * 100_000), "does not hold JSON"),
        (lambda path: path.write_text("[]"), "is not a state file"),
        (lambda path: path.write_text('{"jobs": []}'), "is not a state file"),
        (changed(lambda data: data.update(format=2)), "has the format 2 instead of 1"),
        (changed(lambda data: data.update(places=[])), "does not hold what it should"),
        (changed(lambda data: data.pop("places")), "does not hold what it should"),
        (changed(lambda data: data["places"]["p1"].update(a={})), "does not hold what it should"),
        (changed(lambda data: data["places"]["p1"]["a"].update(failures="2")), "does not hold what it should"),
        (changed(lambda data: data["places"]["p1"]["a"].update(job=None)), "does not hold what it should"),
    ],
)
def test_a_file_that_is_damaged_or_foreign_is_an_error_that_says_what_to_do(file, tmp_path, damage, message):
    file.save(STATE)
    damage(tmp_path / "state.json")
    with pytest.raises(InvalidInput, match=message) as error:
        file.load()
    assert str(error.value).startswith(f"state_file: {tmp_path}/state.json ")
    assert "remove the file to begin anew" in str(error.value)


def test_a_folder_that_is_not_there_is_an_error_before_anything_is_told(tmp_path):
    with pytest.raises(JobsError, match="could not be written"):
        StateFile(str(tmp_path / "none" / "state.json"), IDENTITY).load()

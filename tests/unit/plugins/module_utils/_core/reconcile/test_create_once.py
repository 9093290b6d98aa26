# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.placeholders import is_placeholder
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile import engine, report
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.change import PlannedChange
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.create_once import CreateOnceReconciler
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.reconciler import Observation
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import StillClock


def lost():
    return errors.OutcomeUnknown(errors.NoResponse("reset", "POST", "/things"))


class Things(CreateOnceReconciler):
    """A service whose things have a name, and an age by their id.

    :param there: what there is, (id, name).
    :param script: for each creation in turn: None for success, or (whether it is created, an exception).
    :param shows_after: what is created is seen from that look on.
    """

    noun, result_key = "thing", "things"

    def __init__(self, there=(), script=(), force=False, shows_after=0):
        super().__init__(force=force)
        self.there = [{"id": thing_id, "name": name} for thing_id, name in there]
        self._script = list(script)
        self._hidden = []
        self._shows_after = shows_after
        self.created = 0

    def list_all(self):
        if self._hidden and self._shows_after == 0:
            self.there += self._hidden
            self._hidden = []
        elif self._hidden:
            self._shows_after -= 1
        return list(self.there)

    def find(self, ids):
        return {thing["id"]: thing for thing in self.list_all() if thing["id"] in ids}

    def matches(self, key, thing, *, is_new):
        return thing["name"] == key or is_new and thing["name"] is None

    def age(self, thing):
        return thing["id"]

    def observe(self, keys):
        return Observation(self.look_up(keys), self.creations())

    def plan(self, key, observed, facts):
        return PlannedChange() if observed else PlannedChange("create", after={"name": key})

    def apply(self, item):
        scripted = self._script.pop(0) if self._script else None
        if scripted is None or scripted[0]:
            self.created += 1
            self._hidden.append({"id": f"n{self.created}", "name": item.key})
        if scripted is not None:
            raise scripted[1]
        self.note_created(item, self._hidden[-1]["id"])
        item.latest = self._hidden[-1]
        return True

    def fields(self, key, observed):
        return {"id": self.id_of(key), **(observed or {})}

    def has_ended(self, key, observed):
        return observed is not None


def bring(things, keys=("a",), check=False, retries=2):
    settings = HttpSettings(retries=retries, max_concurrency=1)
    context = TaskContext(check_mode=check, clock=StillClock(), diff_mode=True)
    return report.report(things, engine.reconcile(things, list(keys), context, settings), context)


def test_what_is_missing_is_created():
    things = Things([("o1", "a")])
    result = bring(things, "ab")
    assert [(entry["id"], entry["action"]) for entry in result["things"]] == [("o1", "none"), ("n1", "create")]
    assert result["diff"] == {"before": {}, "after": {"b": {"name": "b"}}}
    assert things.created == 1


def test_the_newest_one_is_taken():
    assert bring(Things([("o1", "a"), ("o3", "a"), ("o2", "a")]))["things"][0]["id"] == "o3"


def test_check_mode_creates_nothing():
    things = Things()
    result = bring(things, check=True)
    assert (result["changed"], things.created) == (True, 0)
    assert is_placeholder(result["things"][0].pop("id"))
    assert result["things"] == [{"name": "a", "action": "create", "changed": True}]


def test_force_creates_another_one():
    things = Things([("o1", "a")], force=True)
    assert bring(things)["things"][0]["id"] == "n1"
    assert things.created == 1


@pytest.mark.parametrize("force", [False, True])
def test_a_lost_answer_creates_nothing_twice(force):
    """With force, what was there before is not taken for what was created."""
    things = Things([("o1", "a")] if force else [], [(True, lost())], force=force)
    result = bring(things)
    assert (result["changed"], things.created, "failed" in result) == (True, 1, False)
    assert result["things"][0] == {"id": "n1", "name": "a", "action": "create", "changed": True}


@pytest.mark.parametrize("shows_after", [1, 2, 3])
def test_it_is_looked_for_more_than_once_before_it_is_created_again(shows_after):
    things = Things(script=[(True, lost())], shows_after=shows_after)
    assert bring(things)["things"][0]["id"] == "n1"
    assert things.created == 1


def test_a_request_that_never_arrived_is_sent_again():
    things = Things(script=[(False, lost()), None])
    result = bring(things)
    assert (result["changed"], things.created) == (True, 1)


@pytest.mark.parametrize("retries", [0, 2])
def test_what_never_shows_is_not_known(retries):
    """It may show later, so nobody may say that nothing was created."""
    things = Things(script=[(False, lost())] * 9)
    result = bring(things, retries=retries)
    assert (result["failed"], result["changed"], things.created) == (True, True, 0)
    assert (
        "It is not known whether the change was made: a response was lost, and no effect is visible yet."
    ) in result["msg"]


def test_what_destroys_is_not_sent_again():
    things = Things(script=[(True, lost()), None], shows_after=99)
    things.retry_if_invisible = False
    result = bring(things)
    assert (result["failed"], result["changed"], things.created) == (True, True, 1)


@pytest.mark.parametrize("refusal", [errors.JobsError("no"), errors.StateConflict(errors.JobsError("there is one"))])
def test_a_second_try_that_is_refused_perhaps_because_of_the_first(refusal):
    things = Things(script=[(True, lost()), (False, refusal)], shows_after=99)
    result = bring(things)
    assert (result["failed"], result["changed"], things.created) == (True, True, 1)
    assert "is not known" in result["msg"]


def test_what_is_known_is_not_created_again_while_it_does_not_show():
    things = Things(shows_after=99)
    original = things.apply

    def apply(item):
        original(item)
        raise lost()

    things.apply = apply
    things.plan = lambda key, observed, facts: PlannedChange("none" if key in facts.ids else "create", after={})
    result = bring(things)
    assert (result["changed"], things.created, "failed" in result) == (True, 1, False)


def test_somebody_else_was_first():
    things = Things(script=[(False, errors.StateConflict(errors.JobsError("there is one")))])
    things._hidden = []
    original = things.apply

    def apply(item):
        things.there.append({"id": "x1", "name": "a"})
        return original(item)

    things.apply = apply
    result = bring(things)
    assert (result["changed"], "failed" in result) == (False, False)
    assert result["things"][0]["id"] == "x1"


def test_what_was_created_may_show_later():
    things = Things(shows_after=1)
    bring(things)
    assert things.may_show_later("a") is True
    assert things.check_finished("a", None) is False
    assert things.observe(["a"]).items == {}
    assert things.observe(["a"]).items == {"a": {"id": "n1", "name": "a"}}
    assert things.may_show_later("a") is False

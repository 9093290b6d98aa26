# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots of clusters that are sharded, or were not always: found in every way, shown alike."""

from __future__ import annotations

import threading

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile import engine
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.wait import WaitOptions, wait_for
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas import (
    restore_api,
    restore_reconcile,
    snapshot_api,
    snapshot_reconcile,
)
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb.atlas.cluster import Cluster
from ansible_collections.saasops.jobs.tests.unit.support.exact_calls import hex24
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import Call, FakeService, Reply, StillClock

PROJECT = "66f1c0de0000000000000002"
BASE = f"/api/atlas/v2/groups/{PROJECT}/clusters/green/backup/snapshots"
LIST, WHOLE_LIST = f"GET {BASE}?pageNum=1&itemsPerPage=500", f"GET {BASE}/shardedClusters"
MISSING = Reply(404, {"error": 404, "errorCode": "SNAPSHOT_NOT_FOUND", "detail": "none"})

ID = hex24(1)
PARTS = [hex24(11), hex24(12)]
DONE = {"status": "completed", "createdAt": "2026-03-01T07:00:00Z"}
# The same snapshot, as the two kinds of calls show it.
HALF = {"id": ID, "type": "shardedCluster", "cloudProvider": "AWS", "copyRegions": [], **DONE}
WHOLE = {
    "id": ID,
    "type": "shardedCluster",
    "members": [{"id": PARTS[0].upper(), "replicaSetName": "s0"}, {"id": 5}, "odd"],
    "snapshotIds": [PARTS[1], None],
    "configServerType": "DEDICATED",
    **DONE,
}
OLD = {"id": hex24(2), "type": "replicaSet", "replicaSetName": "green", **DONE}


def part(number):
    return {"id": hex24(number), "type": "replicaSet", "replicaSetName": "s0", **DONE}


def cluster():
    params = {
        "public_key": "pub",
        "private_key": "priv",
        "client_id": None,
        "client_secret": None,
        "base_url": "http://127.0.0.1:9",
        "project_id": PROJECT,
        "api_version": "v2",
        "cluster_name": "green",
    }
    return Cluster(params, HttpSettings(retries=0), TaskContext(clock=StillClock()))


def listed(*snapshots, total=None, **more):
    count = len(snapshots) if total is None else total
    return Reply(200, {"results": list(snapshots), "totalCount": count, "links": [{"rel": "self"}], **more})


@pytest.mark.parametrize("others", [[], [HALF], [part(11), part(12)], [HALF, part(11), part(12)]], ids=len)
def test_each_snapshot_is_listed_once_whatever_the_other_list_has_of_it(others):
    calls = [Call(WHOLE_LIST, listed(WHOLE)), Call(LIST, listed(*others, OLD))]
    with FakeService(*calls):
        assert list(snapshot_api.Snapshots(cluster()).all()) == [WHOLE, OLD]


def test_one_that_came_between_the_two_lists_is_asked_for_by_itself():
    calls = [
        Call(WHOLE_LIST, listed()),
        Call(LIST, listed(HALF)),
        Call(f"GET {BASE}/shardedCluster/{ID}", Reply(200, WHOLE)),
    ]
    with FakeService(*calls):
        assert list(snapshot_api.Snapshots(cluster()).all()) == [WHOLE]


@pytest.mark.parametrize("first", [Reply(200, HALF), MISSING, Reply(200, {**HALF, "type": "SHARDED_CLUSTER"})])
def test_one_by_its_id_shows_the_same(first):
    calls = [Call(f"GET {BASE}/{ID}", first), Call(f"GET {BASE}/shardedCluster/{ID}", Reply(200, WHOLE))]
    # Once it is known where all of it shows, nothing else is asked.
    calls += [Call(f"GET {BASE}/shardedCluster/{ID}", Reply(200, WHOLE))]
    calls += [Call(f"DELETE {BASE}/shardedCluster/{ID}", Reply(204))]
    with FakeService(*calls):
        snapshots = snapshot_api.Snapshots(cluster())
        assert snapshots.find([ID]) == snapshots.find([ID]) == {ID: WHOLE}
        assert snapshots.delete(ID) is True


def test_a_service_that_shows_no_more_of_it_is_enough():
    calls = [Call(f"GET {BASE}/{ID}", Reply(200, HALF)), Call(f"GET {BASE}/shardedCluster/{ID}", MISSING)]
    with FakeService(*calls, Call(f"DELETE {BASE}/{ID}", Reply(204))):
        snapshots = snapshot_api.Snapshots(cluster())
        assert snapshots.find([ID]) == {ID: HALF}
        assert snapshots.delete(ID) is True


def test_some_by_their_ids_show_the_same_and_parts_are_found_if_they_are_asked_for():
    calls = [Call(WHOLE_LIST, listed(WHOLE)), Call(LIST, listed(HALF, part(11), OLD))]
    with FakeService(*calls):
        found = snapshot_api.Snapshots(cluster()).find([ID, PARTS[0], hex24(2), hex24(9)])
    assert found == {ID: WHOLE, PARTS[0]: part(11), hex24(2): OLD}


def test_the_list_without_parameters_is_read_to_its_end_if_the_service_divides_it():
    first, second = [{**WHOLE, "id": hex24(number)} for number in (1, 2)]
    next_page = [{"rel": "next", "href": "/"}]
    calls = [
        Call(WHOLE_LIST, listed(first, total=2, links=next_page)),
        Call(f"{WHOLE_LIST}?pageNum=2", listed(second, total=2)),
        Call(LIST, listed()),
    ]
    with FakeService(*calls):
        assert [each["id"] for each in snapshot_api.Snapshots(cluster()).all()] == [hex24(1), hex24(2)]


@pytest.mark.parametrize("count", [0, 3, 100, 500])
def test_without_a_hint_the_list_without_parameters_is_all(count):
    everything = [{**WHOLE, "id": hex24(number)} for number in range(count)]
    calls = [Call(WHOLE_LIST, Reply(200, {"results": everything})), Call(LIST, listed())]
    with FakeService(*calls):
        assert len(list(snapshot_api.Snapshots(cluster()).all())) == count


def test_a_snapshot_that_is_being_taken_is_not_deleted():
    reconciler = snapshot_reconcile.AbsentSnapshotReconciler(None)
    assert "cannot be deleted until it is complete" in reconciler.plan(ID, {"status": "inProgress"}, None).refusal
    assert [reconciler.plan(ID, {"status": status}, None).action for status in ("queued", "completed", "failed")] == [
        "delete"
    ] * 3


JOBS = BASE.replace("snapshots", "restoreJobs")
DOWNLOAD = {"id": hex24(7), "deliveryType": "download", "deliveryUrl": []}


def cancel(job, *calls):
    """The item of a restore job that is cancelled in check mode."""
    with FakeService(Call(f"GET {JOBS}/{hex24(7)}", Reply(200, {**DOWNLOAD, **job})), *calls):
        green = cluster()
        reconciler = restore_reconcile.AbsentRestoreReconciler(
            restore_api.RestoreJobs(green), snapshot_api.Snapshots(green)
        )
        settings = HttpSettings(retries=0)
        (item,) = engine.reconcile(reconciler, [hex24(7)], TaskContext(clock=StillClock(), check_mode=True), settings)
    return item


ONE_PART = {"snapshotId": PARTS[0].upper(), "components": [{"replicaSetName": "s0"}]}


def test_the_download_of_one_shard_is_known_by_the_snapshots_of_which_it_is_a_part():
    item = cancel(ONE_PART, Call(WHOLE_LIST, listed(WHOLE)))
    assert (item.changed, "download of a single shard" in str(item.error)) == (False, True)


@pytest.mark.parametrize(
    "job, calls",
    [
        # Of what shows no parts, or several, nothing more is asked.
        ({"snapshotId": PARTS[0]}, []),
        ({"snapshotId": ID, "components": [{}, {}]}, []),
        # A sharded cluster may consist of one shard.
        ({**ONE_PART, "snapshotId": ID}, [Call(WHOLE_LIST, listed(WHOLE))]),
        # What cannot be said is left to the service.
        (ONE_PART, [Call(WHOLE_LIST, listed())]),
        (ONE_PART, [Call(WHOLE_LIST, Reply(403, {"error": 403, "errorCode": "ODD"}))]),
        ({**ONE_PART, "snapshotId": [PARTS[0]]}, [Call(WHOLE_LIST, listed(WHOLE))]),
    ],
)
def test_other_downloads_are_cancelled(job, calls):
    item = cancel(job, *calls)
    assert (item.action, item.error) == ("cancel", None)


def test_a_job_that_has_ended_is_not_looked_at_any_closer():
    assert cancel({**ONE_PART, "failed": True}).action == "none"


NEW = {"description": "new", "retention_in_days": 1, "max_age": None, "force": False}
ANOTHER = {"id": hex24(3), "description": "another", "snapshotType": "onDemand", "status": "queued"}
CREATE = Call(f"POST {BASE}", Reply(200, {"id": hex24(4)}), body={"description": "new", "retentionInDays": 1})
REFUSED = Call(CREATE.method + " " + CREATE.path, Reply(409, {"error": 409, "errorCode": "ODD"}), body=CREATE.body)


class Screen:
    """Whoever looks at the progress of a task."""

    def __init__(self):
        self.lines = []
        self.was_shown = threading.Event()

    def show(self, line):
        self.lines.append(line)
        self.was_shown.set()


class WatchedClock(StillClock):
    """A clock whose naps do not end before something has been shown."""

    def __init__(self, screen):
        super().__init__()
        self._screen = screen

    def sleep(self, seconds):
        super().sleep(seconds)
        self._screen.was_shown.wait(10)


def take(wait, check=False, follow=False, screen=None, **params):
    """The item of a snapshot that is taken, and how long the task slept meanwhile.

    :param follow: wait for its end as well.
    :param screen: a Screen that shows the progress, or None.
    """
    wait_options = WaitOptions(is_wanted=wait, interval=10, timeout=60, max_interval=60)
    clock = WatchedClock(screen) if screen else StillClock()
    context = TaskContext(clock=clock, check_mode=check, listener=screen)
    reconciler = snapshot_reconcile.NewSnapshotReconciler(
        snapshot_api.Snapshots(cluster()), {**NEW, **params}, wait_options, context
    )
    (item,) = engine.reconcile(reconciler, ["new"], context, HttpSettings(retries=0))
    if follow:
        wait_for(reconciler, [item], wait_options, context, reconciler.waited)
    return item, clock.naps


def looks(*snapshots):
    return [Call(WHOLE_LIST, listed()), Call(LIST, listed(*snapshots))]


def status_of_another(status):
    return Call(f"GET {BASE}/{hex24(3)}", Reply(200, {**ANOTHER, "status": status}))


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("more", [{}, {"force": True}])
def test_while_another_one_is_under_way_none_is_asked_for(check, more):
    other = {**ANOTHER, "description": "new"} if more else ANOTHER
    with FakeService(*looks(other)):
        item, _naps = take(False, check, **more)
    assert (item.changed, item.action) == (False, "none")
    assert f"snapshot {hex24(3)} of cluster green is still queued. Wait for it with wait: true" in str(item.error)


@pytest.mark.parametrize("end", ["completed", "failed", None])
def test_another_one_is_waited_for(end):
    last = [status_of_another(end)] if end else [Call(f"GET {BASE}/{hex24(3)}", MISSING)]
    last += [] if end else [Call(f"GET {BASE}/shardedCluster/{hex24(3)}", MISSING)]
    calls = [*looks(ANOTHER), status_of_another("inProgress"), *last, CREATE]
    with FakeService(*calls):
        item, naps = take(True)
    assert (item.changed, item.error, naps) == (True, None, [10, 15])


def test_another_one_that_is_waited_for_shows_as_progress():
    screen = Screen()
    with FakeService(*looks(ANOTHER), status_of_another("completed"), CREATE):
        take(True, screen=screen)
    assert screen.lines == [f"waiting for snapshot {hex24(3)}, which is queued"]


def test_another_one_that_takes_too_long():
    with FakeService(*looks(ANOTHER), *[status_of_another("queued")] * 4):
        item, naps = take(True)
    assert (item.changed, sum(naps)) == (False, 60)
    assert "is still queued. Waiting for that took longer than wait_timeout" in str(item.error)


def test_waiting_for_another_one_and_then_for_the_own_one_takes_no_longer_than_the_timeout():
    own = Call(f"GET {BASE}/{hex24(4)}", Reply(200, {**ANOTHER, "id": hex24(4), "description": "new"}))
    calls = [*looks(ANOTHER), status_of_another("inProgress"), status_of_another("completed"), CREATE, own, own, own]
    with FakeService(*calls):
        item, naps = take(True, follow=True)
    assert naps == [10, 15, 10, 15, 10]
    assert f"Snapshot {hex24(4)} was still queued after 60 s" in str(item.error)


@pytest.mark.parametrize("wait", [True, False])
def test_another_one_that_somebody_asked_for_at_the_same_time(wait):
    then = [status_of_another("completed"), CREATE] if wait else []
    with FakeService(*looks(), REFUSED, *looks(ANOTHER), *then):
        item, _naps = take(wait)
    assert item.changed is wait
    if not wait:
        assert "(HTTP 409, ODD)" in str(item.error)
        assert "is still queued" in str(item.error)


def test_a_refusal_for_another_reason_stands():
    with FakeService(*looks(), REFUSED, *looks()):
        item, _naps = take(True)
    assert isinstance(item.error, errors.ServiceError)
    assert (item.error.code, item.changed) == ("ODD", False)

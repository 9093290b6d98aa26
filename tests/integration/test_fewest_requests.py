# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The formulas for what a task may ask of a service, counted on the server's side.

With N items among M that exist, on pages of 500, of which N' need a change:

- log_collection_job, restore_job: 1 challenge; READS; N' changes. READS is 1 for one item: its GET. For more it is at
  most min(N, pages(M)) + 1: the first page, and then either the other pages or a GET for each item that is still
  missing, whichever is less. How many pages there are shows on the first one only, hence the + 1.
- Where a list has several pages and all of them are read: 1 more, which shows whether jobs have slipped between them.
- log_collection_job with resource_names: 1 challenge; pages(M); for each job to start 1 POST and 1 GET of the new job,
  as the answer holds nothing but its id, and 1 PATCH if it is to be kept longer.
- server_log_collection_job: the same, but that a single item that does not exist costs all pages besides its GET, as no
  code says that it is missing. For all servers: 1 list of these more if there is a job that may be for all of them.
- restore_job that starts one: 1 challenge; pages(M); 1 GET of the snapshot, or 2 if the cluster is sharded; 1 POST. If
  there is such a restore, only the first two. With snapshot=latest the GET is replaced by the snapshots' lists, before
  all else: 1 of those of whole sharded clusters, and the pages of the others.
- restore_job that cancels downloads with a single part, which may be those of one shard: 1 more, the former list.
- snapshot that takes one: 1 challenge; these same lists; 1 POST. To delete one: 1 challenge; 1 GET, or 2; 1 DELETE.
- the downloads: 1 challenge; READS; 1 for each archive that is not there.
- lts_log_stream: 1 list of the groups if the group is given by name; 1 list of its streams; 1 list of the transfers if
  there is something to delete; N' changes, and 1 more for each stream that loses tags.
- lts_log_group: 1 list; N' changes, and 1 more for each group that loses tags. To delete some: 1 list of the streams of
  each; 1 list of the transfers; N' changes, and 1 for each transfer.
- lts_log_transfer: 1 list of the transfers; N' changes. If streams are given, before that as lts_log_stream.
- LTS with a password: 1 sign-in before all else, and 1 more for an agency. With a token or keys, and the name of the
  project: 1 look-up.
- cielo24_job: 1 login unless a token is given; 1 list; 1 more, with the jobs of the accounts below, if some items are
  missing in it; N' changes.
- cielo24_job that orders: 1 login; 1 list; of each new job its steps, 1 look before it is authorized, and 1 at what
  became of it. If media_url is given, 1 more for a job that is there already. While it waits: 1 look each time.
- cielo24_caption, cielo24_transcript: 1 login; 1 list if external_ids are given; 1 for each job.
- All _info modules: 1 challenge or login; pages(M), or READS for given ids.

In check mode it is the same without the changes; and a task that finds all done needs no more than that either.
"""

from __future__ import annotations

import math

import accounts
import pytest
from accounts import job
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from running import SteeringClock, run

PAGE = 500
KEY = {"public_key": "sandboxkey", "private_key": accounts.PRIVATE_KEY}
GROUP = "11111111-cccc-4000-8000-000000000001"
GONE = [f"66f1c0de{number:016x}" for number in range(1, 2000)]


def log_jobs(sandbox, count, failed=0):
    """Fills a project; the ids of those that failed come first."""
    bulks = [
        {"count": failed, "id_prefix": "66f1c0de00000000001", "status": "FAILURE", "age": "1d"},
        {"count": count - failed, "id_prefix": "66f1c0de00000000002", "status": "SUCCESS", "age": "1d"},
    ]
    bulks = [bulk for bulk in bulks if bulk["count"]]
    project = {"id": accounts.LOG_PROJECT, "name": "p", "family": "ops_manager", "log_collection_jobs": bulks}
    sandbox.reset({"mongodb": {"keys": [KEY], "projects": [project]}})
    # In the order of the list.
    return list(sandbox.state()["log_collection"][accounts.LOG_PROJECT]["jobs"])


def server_log_jobs(sandbox, count, failed=0):
    """The same for an Ops Manager itself."""
    bulks = [
        {"count": failed, "id_prefix": "66f1c0de00000000001", "status": "FAILURE", "age": "1d"},
        {"count": count - failed, "id_prefix": "66f1c0de00000000002", "status": "SUCCESS", "age": "1d"},
    ]
    servers = [{"id": "om1"}, {"id": "om2"}]
    own = {"servers": servers, "log_collection_jobs": [bulk for bulk in bulks if bulk["count"]]}
    sandbox.reset({"mongodb": {"keys": [KEY], "ops_manager": own}})
    return list(sandbox.state()["server_log_collection"]["jobs"])


def restore_jobs(sandbox, count):
    jobs = {"count": count, "id_prefix": "66f1c0de00000000003", "delivery_type": "download", "state": "preparing"}
    cluster = {"name": "blue", "type": "replica_set", "restore_jobs": [{**jobs, "ready_in": "1d"}]}
    project = {"id": accounts.ATLAS_PROJECT, "name": "p", "family": "atlas", "clusters": [cluster]}
    sandbox.reset({"mongodb": {"keys": [KEY], "projects": [project]}})
    return list(sandbox.state()["atlas_restore"][accounts.ATLAS_PROJECT]["clusters"]["blue"]["jobs"])


# (existing items: which of the list, how many missing ones, M, READS); the list's order is the service's.
LOOKUPS = [
    (slice(0, 1), 0, 700, 1),
    (slice(0, 0), 1, 700, 1),
    (slice(0, 30), 0, 40, 1),
    (slice(0, 0), 30, 40, 1),
    (slice(0, 40), 30, 40, 1),
    # All on the first of several pages.
    (slice(0, 20), 0, 1300, 1),
    # Everything on all pages, and nothing on any: each page once, and whether a job has slipped between them.
    (slice(0, 1300), 0, 1300, 3),
    (slice(0, 0), 700, 1300, 4),
    (slice(100, 1250), 50, 1300, 4),
    # Few on later pages: the first page, and each by itself.
    (slice(1299, 1300), 1, 1300, 3),
    (slice(499, 501), 0, 1300, 2),
]


@pytest.mark.parametrize("there, missing, existing, reads", LOOKUPS)
@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("module", ["log_collection_job", "restore_job"])
def test_deleting_or_cancelling_mongodb_jobs_takes_the_fewest_reads(
    sandbox, module, check, there, missing, existing, reads
):
    fill, make = {
        "log_collection_job": (log_jobs, accounts.log_collection),
        "restore_job": (restore_jobs, accounts.atlas),
    }[module]
    found = fill(sandbox, existing)[there]
    ids = found + GONE[:missing]
    result = run(module, make(sandbox.url, state="absent", job_ids=ids), check=check)
    assert result["summary"]["changed"] == len(found)
    changes = 0 if check else len(found)
    requests = sandbox.requests()
    assert [request["status"] for request in requests].count(401) == 1
    assert sum(request["acted"] for request in requests) == changes
    assert len(requests) == 1 + reads + changes
    assert reads <= min(len(ids), math.ceil(existing / PAGE)) + 1


def test_retrying_log_collection_jobs_sends_a_change_only_for_those_that_failed(sandbox):
    ids = log_jobs(sandbox, 600, failed=100)
    result = run("log_collection_job", accounts.log_collection(sandbox.url, state="retried", job_ids=ids))
    assert result["summary"]["changed"] == 100
    assert len(sandbox.requests()) == 1 + 2 + 100


@pytest.mark.parametrize("count, missing, existing, reads", [(1, 0, 700, 1), (0, 1, 700, 4), (30, 5, 400, 1)])
@pytest.mark.parametrize("check", [True, False])
def test_deleting_server_log_jobs_takes_the_fewest_reads(sandbox, check, count, missing, existing, reads):
    ids = server_log_jobs(sandbox, existing)[:count] + GONE[:missing]
    result = run("server_log_collection_job", accounts.ops_manager(sandbox.url, state="absent", job_ids=ids), check)
    assert result["summary"]["changed"] == count
    assert len(sandbox.requests()) == 1 + reads + (0 if check else count)


def test_retrying_server_log_jobs_sends_a_change_only_for_those_that_failed(sandbox):
    ids = server_log_jobs(sandbox, 600, failed=100)
    result = run("server_log_collection_job", accounts.ops_manager(sandbox.url, state="retried", job_ids=ids))
    assert result["summary"]["changed"] == 100
    assert len(sandbox.requests()) == 1 + 2 + 100


@pytest.mark.parametrize("wanted, again", [({"servers": ["om1"]}, 0), ({"all_servers": True}, 1)])
@pytest.mark.parametrize("more, each", [({}, 2), ({"keep_for": "14d"}, 3)])
def test_collecting_server_logs_takes_the_pages_and_two_or_three_requests(sandbox, wanted, again, more, each):
    server_log_jobs(sandbox, 1300)
    arguments = accounts.ops_manager(sandbox.url, state="present", **wanted, **more)
    for check, changed, count in ((True, True, 0), (False, True, each), (False, False, again)):
        assert run("server_log_collection_job", arguments, check=check)["changed"] is changed
        assert len(sandbox.requests()) == 1 + 3 + 1 + count
        sandbox.forget_requests()


@pytest.mark.parametrize("count", [1, 40])
def test_downloading_server_logs_takes_one_read_and_one_request_for_each_archive(sandbox, tmp_path, count):
    ids = server_log_jobs(sandbox, 400)[:count]
    arguments = accounts.ops_manager(sandbox.url, job_ids=ids, dest=f"{tmp_path}/logs/")
    for check, fetched in ((True, 0), (False, count), (False, 0)):
        assert "failed" not in run("server_log_collection_job_download", arguments, check=check)
        assert len(sandbox.requests()) == 1 + 1 + fetched
        sandbox.forget_requests()


@pytest.mark.parametrize("wanted, reads", [(None, 4), (1, 1), (400, 1)])
def test_listing_log_collection_jobs_takes_the_fewest_reads(sandbox, wanted, reads):
    ids = log_jobs(sandbox, 1300)
    more = {} if wanted is None else {"job_ids": ids[:wanted]}
    result = run("log_collection_job_info", accounts.log_collection(sandbox.url, **more))
    assert len(result["jobs"]) == (1300 if wanted is None else wanted)
    assert len(sandbox.requests()) == 1 + reads


COLLECT = {"resource_type": "REPLICASET", "log_types": ["MONGODB"], "size_requested_per_file_bytes": "1MB"}


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("more, each", [({}, 2), ({"keep_for": "60d"}, 3)])
@pytest.mark.parametrize("existing, reads", [(1, 1), (1300, 4)])
def test_collecting_logs_takes_the_pages_and_two_or_three_requests_for_each_job(
    sandbox, check, more, each, existing, reads
):
    log_jobs(sandbox, existing)
    names = [f"rs{number}" for number in range(20)]
    arguments = accounts.log_collection(sandbox.url, state="present", resource_names=names, **COLLECT, **more)
    assert run("log_collection_job", arguments, check=check)["summary"]["changed"] == 20
    assert len(sandbox.requests()) == 1 + reads + (0 if check else 20 * each)
    if not check:
        sandbox.forget_requests()
        assert run("log_collection_job", arguments)["changed"] is False
        assert len(sandbox.requests()) == 1 + reads


RESTORES = {
    "by-id": ("blue", {"snapshot_id": job("e3")}, 3, 2),
    "sharded-by-id": ("green", {"snapshot_id": job("f5")}, 4, 2),
    "latest": ("blue", {"snapshot": "latest"}, 4, 4),
    "latest-sharded": ("green", {"snapshot": "latest"}, 4, 4),
}


@pytest.mark.parametrize("case", RESTORES)
def test_starting_a_restore_takes_the_fewest_requests_when_predicted_made_and_made_again(sandbox, case):
    cluster, more, reads, again = RESTORES[case]
    arguments = accounts.atlas(
        sandbox.url,
        cluster_name=cluster,
        state="present",
        delivery_type="automated",
        target_cluster_name="violet",
        accept_target_data_loss=True,
        **more,
    )
    for check, changed, count in ((True, True, reads), (False, True, reads + 1), (False, False, again)):
        assert run("restore_job", arguments, check=check)["changed"] is changed
        assert len(sandbox.requests()) == count
        sandbox.forget_requests()


@pytest.mark.parametrize("cluster, snapshot, reads", [("blue", "e3", 1), ("green", "f5", 2)])
def test_taking_and_deleting_a_snapshot_takes_the_fewest_requests(sandbox, cluster, snapshot, reads):
    taken = {"state": "present", "description": "x", "retention_in_days": 1}
    assert run("snapshot", accounts.atlas(sandbox.url, cluster_name=cluster, **taken))["changed"] is True
    assert len(sandbox.requests()) == 1 + 2 + 1
    sandbox.forget_requests()
    gone = {"state": "absent", "snapshot_ids": [job(snapshot)]}
    assert run("snapshot", accounts.atlas(sandbox.url, cluster_name=cluster, **gone))["changed"] is True
    assert len(sandbox.requests()) == 1 + reads + 1


@pytest.mark.parametrize("jobs, reads, changes", [(["c1"], 1, 1), (["c2"], 2, 0), (["c1", "c2"], 2, 1)])
def test_cancelling_downloads_takes_one_more_list_if_one_may_be_that_of_a_single_shard(sandbox, jobs, reads, changes):
    ids = [job(name) for name in jobs]
    run("restore_job", accounts.atlas(sandbox.url, cluster_name="green", state="absent", job_ids=ids))
    assert len(sandbox.requests()) == 1 + reads + changes


@pytest.mark.parametrize("count, reads", [(1, 1), (40, 1), (700, 2)])
def test_downloading_logs_takes_the_fewest_reads_and_one_request_for_each_archive(sandbox, tmp_path, count, reads):
    ids = log_jobs(sandbox, 700)[:count]
    arguments = accounts.log_collection(sandbox.url, job_ids=ids, dest=f"{tmp_path}/logs/")
    for check, fetched in ((True, 0), (False, count), (False, 0)):
        assert "failed" not in run("log_collection_job_download", arguments, check=check)
        assert len(sandbox.requests()) == 1 + reads + fetched
        sandbox.forget_requests()


def streams(sandbox, count):
    tokens = [{"token": accounts.LTS_TOKEN, "projects": [accounts.LTS_PROJECT]}]
    bulk = {"count": count, "name_prefix": "stream-"}
    group = {"id": GROUP, "name": "many", "streams": [bulk]}
    project = {"id": accounts.LTS_PROJECT, "groups": [group]}
    sandbox.reset({"lts": {"tokens": tokens, "projects": [project]}})
    return [f"stream-{number}" for number in range(1, count + 1)]


@pytest.mark.parametrize(
    "group", [{"log_group_name": "many"}, {"log_group_id": "11111111-cccc-4000-8000-000000000001"}]
)
@pytest.mark.parametrize("existing, missing", [(1, 0), (80, 20), (0, 5)])
@pytest.mark.parametrize("check", [True, False])
def test_deleting_lts_streams_takes_the_lists_and_one_request_for_each_stream(sandbox, group, existing, missing, check):
    names = streams(sandbox, 90)[:existing] + [f"gone-{number}" for number in range(missing)]
    arguments = accounts.lts(sandbox.url, state="absent", log_stream_names=names, **group)
    assert run("lts_log_stream", arguments, check=check)["summary"]["changed"] == existing
    lists = ("log_group_name" in group) + 1 + (existing > 0)
    assert len(sandbox.requests()) == lists + (0 if check else existing)


@pytest.mark.parametrize("existing, new", [(80, 0), (80, 20), (0, 100)])
@pytest.mark.parametrize("check", [True, False])
def test_creating_lts_streams_takes_two_lists_and_one_request_for_each_new_stream(sandbox, existing, new, check):
    names = streams(sandbox, 90)[:existing] + [f"new-{number}" for number in range(new)]
    arguments = accounts.lts(sandbox.url, state="present", log_group_name="many", log_stream_names=names)
    sandbox.variants(log_stream_quota=1000)
    assert run("lts_log_stream", arguments, check=check)["summary"]["changed"] == new
    assert len(sandbox.requests()) == 2 + (0 if check else new)


@pytest.mark.parametrize("check", [True, False])
def test_deleting_lts_groups_takes_the_lists_and_one_request_for_each_group_and_transfer(sandbox, check):
    absent = {"state": "absent", "log_group_names": ["app", "attic", "audit", "gone"], "recursive": True}
    assert run("lts_log_group", accounts.lts_user(sandbox.url, **absent), check=check)["summary"]["changed"] == 3
    # The sign-in; the groups, the streams of three, and the transfers; three groups, and the three transfers of one.
    assert len(sandbox.requests()) == 1 + (1 + 3 + 1) + (0 if check else 3 + 3)


@pytest.mark.parametrize("way", [{}, {"username": None, "password": None, "api_token": accounts.CIELO24_TOKEN}])
@pytest.mark.parametrize("missing", [0, 3])
@pytest.mark.parametrize("check", [True, False])
def test_deleting_captioning_jobs_takes_the_lists_and_one_request_for_each_job(sandbox, way, missing, check):
    found = [accounts.caption(suffix) for suffix in ("a1", "a2", "a3")]
    ids = found + [accounts.caption(f"f{number}") for number in range(missing)]
    arguments = accounts.cielo24(sandbox.url, state="absent", job_ids=ids, **way)
    assert run("cielo24_job", arguments, check=check)["summary"]["changed"] == 3
    reads = (not way) + 1 + (missing > 0)
    assert len(sandbox.requests()) == reads + (0 if check else 3)


@pytest.mark.parametrize("check", [True, False])
def test_authorizing_captioning_jobs_takes_one_request_for_each_job_that_needs_it(sandbox, check):
    ids = ["show-1001", "show-1002", "show-1003"]
    arguments = accounts.cielo24(sandbox.url, state="present", external_ids=ids, authorize=True)
    assert run("cielo24_job", arguments, check=check)["summary"]["changed"] == 1
    assert len(sandbox.requests()) == 2 + (0 if check else 1)


@pytest.mark.parametrize("wait, looks", [(False, 2), (True, 3)])
def test_ordering_a_captioning_job_takes_one_request_for_each_step_and_the_fewest_looks(sandbox, wait, looks):
    wanted = {
        "external_id": "new",
        "media_url": "https://media.example.net/new.mp4",
        "transcription": {"fidelity": "PREMIUM"},
        "authorize": True,
    }
    # It is complete at the first look after the order.
    arguments = accounts.academy(sandbox.url, state="present", **wanted, wait=wait, wait_interval=300, wait_timeout=900)
    assert run("cielo24_job", arguments, context=TaskContext(clock=SteeringClock(sandbox)))["summary"]["changed"] == 1
    assert len(sandbox.requests()) == 2 + 4 + looks
    sandbox.forget_requests()
    assert run("cielo24_job", arguments)["changed"] is False
    assert len(sandbox.requests()) == 2 + 1


@pytest.mark.parametrize("check", [True, False])
def test_downloading_captions_takes_one_request_for_each_job(sandbox, tmp_path, check):
    ids = [accounts.caption("d6"), accounts.caption("d7")]
    arguments = accounts.academy(sandbox.url, job_ids=ids, caption_format="SRT", dest=f"{tmp_path}/")
    assert run("cielo24_caption", arguments, check=check)["summary"]["changed"] == 2
    assert len(sandbox.requests()) == 1 + 2


@pytest.mark.parametrize("module, more", [("cielo24_caption", {"caption_format": "SRT"}), ("cielo24_transcript", {})])
@pytest.mark.parametrize("check", [True, False])
def test_downloading_captions_by_external_ids_takes_one_list_more(sandbox, tmp_path, module, more, check):
    ids = ["term-1-06", "term-1-07", "nothing"]
    arguments = accounts.academy(sandbox.url, external_ids=ids, dest=f"{tmp_path}/", **more)
    run(module, arguments, check=check)
    assert len(sandbox.requests()) == 1 + 1 + 2


@pytest.mark.parametrize("ids", [["term-1-06"], ["term-1-06", "term-1-07", "nothing"]])
def test_listing_captioning_jobs_by_external_ids_takes_one_list(sandbox, ids):
    result = run("cielo24_job_info", accounts.academy(sandbox.url, external_ids=ids))
    assert len(result["jobs"]) == len(ids) - len(result["missing"])
    assert len(sandbox.requests()) == 1 + 1

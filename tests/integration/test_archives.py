# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Archives arrive whole or not at all, whatever happens on the way, and are not fetched again."""

from __future__ import annotations

import errno
import json
import os
import re
import resource
import shutil
import subprocess
import tarfile
from contextlib import contextmanager

import accounts
import pytest
from accounts import job
from ansible_process import RUNNERS, Ansible
from running import run

LOGS, RESTORES = "log_collection_job_download", "restore_job_download"
READY, SHARDED = job("b2"), job("c1")
ARCHIVES = {
    LOGS: lambda url, dest, **more: accounts.log_collection(url, dest=str(dest), **{"job_ids": [job("a1")], **more}),
    RESTORES: lambda url, dest, **more: accounts.atlas(url, dest=str(dest), **{"job_ids": [READY], **more}),
}
both = pytest.mark.parametrize("module", ARCHIVES)


def fetch(module, sandbox, dest, check=False, **more):
    return run(module, ARCHIVES[module](sandbox.url, dest, timeout=1.0, **more), check=check)


def names(path):
    with tarfile.open(path) as archive:
        return archive.getnames()


def transfers(sandbox):
    return [request for request in sandbox.requests() if request["path"].endswith(("/download", ".tar.gz"))]


@both
def test_a_download_is_predicted_done_and_idempotent(sandbox, tmp_path, module):
    dest = tmp_path / "a.tar.gz"
    predicted = fetch(module, sandbox, dest, check=True)
    assert (predicted["changed"], os.listdir(tmp_path), transfers(sandbox)) == (True, [], [])
    real = fetch(module, sandbox, dest)
    assert "failed" not in real
    size = dest.stat().st_size
    entry = predicted["jobs"][0]
    assert real["jobs"][0] == {**entry, "files": [{**entry["files"][0], "size": size}]}
    assert len(names(dest)) > 1
    assert dest.stat().st_mode & 0o777 == 0o600
    sandbox.forget_requests()
    again, check_again = fetch(module, sandbox, dest), fetch(module, sandbox, dest, check=True)
    assert (again["changed"], again["jobs"][0]["action"]) == (False, "none")
    assert again["jobs"][0]["files"] == real["jobs"][0]["files"]
    assert check_again == again
    assert transfers(sandbox) == []


@both
@pytest.mark.parametrize("fault", ["refuse", "reset_before", "reset_after", "stall_after", "cut", "truncate", "503"])
def test_a_download_with_a_fault_at_any_request_is_whole(sandbox, tmp_path, module, fault):
    faults = {
        "refuse": {"kind": "refuse", "seconds": 0.01},
        "stall_after": {"kind": "stall_after", "seconds": 2},
        "cut": {"kind": "cut", "after": 10_000},
        "503": {"kind": "status", "status": 503, "body": "html"},
    }
    # An address that is used up by a request whose answer is lost cannot be had again, which has its own test.
    sandbox.variants(delivery_url_dies="never")
    fetch(module, sandbox, tmp_path / "first")
    wanted, count = (tmp_path / "first").read_bytes(), len(sandbox.requests())
    for position in range(1, count + 1):
        sandbox.clear_faults()
        sandbox.forget_requests()
        sandbox.fault(**faults.get(fault, {"kind": fault}), at=position)
        dest = tmp_path / str(position)
        result = fetch(module, sandbox, dest)
        assert "failed" not in result, result["msg"]
        assert dest.read_bytes() == wanted
    assert len(os.listdir(tmp_path)) == 1 + count


BROKEN = {
    "cut_gzip": "its gzip stream has no end",
    "cut_tar": "its tar has no end",
    "corrupt": " is damaged",
    "not_an_archive": "HTML page",
    "empty": "it is empty",
}


@both
@pytest.mark.parametrize("archive", BROKEN)
@pytest.mark.parametrize("length", [True, False])
@pytest.mark.parametrize("content", ["text", "random"])
def test_an_archive_that_is_not_whole_fails_and_replaces_no_file(sandbox, tmp_path, module, archive, length, content):
    """The vendor's own Go library takes a truncated archive for a success."""
    dest = tmp_path / "a.tar.gz"
    dest.write_text("before")
    sandbox.variants(archive=archive, download_length=length, archive_content=content)
    result = fetch(module, sandbox, dest)
    assert (result["failed"], result["changed"]) == (True, False)
    assert BROKEN[archive] in result["msg"]
    assert (dest.read_text(), os.listdir(tmp_path)) == ("before", ["a.tar.gz"])
    assert len(transfers(sandbox)) == 1


@both
def test_a_transfer_that_never_gets_through_is_a_failure_and_leaves_no_file(sandbox, tmp_path, module):
    sandbox.fault(kind="cut", after=5_000, match={"path": "download$|tar.gz$"}, times=None)
    result = fetch(module, sandbox, tmp_path / "a.tar.gz", retries=1)
    assert (result["failed"], result["changed"]) == (True, False)
    assert "could not be fetched" in result["msg"]
    assert os.listdir(tmp_path) == []


def test_a_restore_goes_on_where_it_broke_off(sandbox, tmp_path):
    sandbox.variants(archive_content="random")
    sandbox.fault(kind="cut", after=15_000, match={"path": "tar.gz$"}, times=2)
    result = fetch(RESTORES, sandbox, tmp_path / "a.tar.gz")
    assert "failed" not in result, result["msg"]
    assert [request["status"] for request in transfers(sandbox)] == [200, 206, 206]


@pytest.mark.parametrize("ranges", [True, False])
def test_an_address_that_dies_with_its_first_request_is_an_error_with_a_hint(sandbox, tmp_path, ranges):
    sandbox.variants(delivery_url_dies="when_asked", delivery_ranges=ranges)
    sandbox.fault(kind="cut", after=15_000, match={"path": "tar.gz$"})
    result = fetch(RESTORES, sandbox, tmp_path / "a.tar.gz")
    assert (result["failed"], result["changed"]) == (True, False)
    assert "The download URL works only once" in result["msg"]
    assert "start another download, both with restore_job." in result["msg"]


@pytest.mark.parametrize("status", [404, 403, 410])
def test_an_address_that_was_used_meanwhile_is_an_error(sandbox, tmp_path, status):
    sandbox.variants(used_url_status=status, delivery_url_dies="when_asked")
    fetch(RESTORES, sandbox, tmp_path / "a")
    result = fetch(RESTORES, sandbox, tmp_path / "b")
    assert "has been fetched already" in result["msg"]
    assert result["jobs"][0]["status"] == "in_progress"


def test_a_file_that_is_there_needs_no_address(sandbox, tmp_path):
    fetch(RESTORES, sandbox, tmp_path / "a")
    sandbox.clock(advance="3h")
    result = fetch(RESTORES, sandbox, tmp_path / "a")
    assert (result["changed"], result["jobs"][0]["status"]) == (False, "expired")


def test_no_credentials_go_to_where_a_restore_is_fetched(sandbox, tmp_path):
    fetch(RESTORES, sandbox, tmp_path / "a")
    assert [request["authorized"] for request in transfers(sandbox)] == [False]


@pytest.mark.parametrize("host", ["own", "other"])
def test_credentials_go_nowhere_but_to_the_configured_host(sandbox, tmp_path, host):
    """The `downloadUrl` of a job may name another host; astrolabe strips it off as well."""
    sandbox.variants(download_host=host)
    assert "failed" not in fetch(LOGS, sandbox, tmp_path / "a")
    assert len(transfers(sandbox)) == 1


def test_a_retried_job_has_another_archive(sandbox, tmp_path):
    failed = {"job_ids": [job("a2")]}
    result = fetch(LOGS, sandbox, tmp_path / "a", **failed)
    assert "its archive holds only what could be collected" in result["warnings"][0]
    before = (tmp_path / "a").read_bytes()
    run("log_collection_job", accounts.log_collection(sandbox.url, state="retried", **failed))
    assert "still collecting" in fetch(LOGS, sandbox, tmp_path / "a", **failed)["msg"]
    sandbox.clock(advance="1m")
    assert fetch(LOGS, sandbox, tmp_path / "a", **failed)["changed"] is True
    assert (tmp_path / "a").read_bytes() != before
    assert fetch(LOGS, sandbox, tmp_path / "a", **failed)["changed"] is False


@pytest.mark.parametrize(
    "module, suffix, words",
    [
        (LOGS, "a4", "still collecting"),
        (LOGS, "a6", "has expired, and its logs are deleted"),
        (LOGS, "ff", "does not exist"),
        (RESTORES, "b1", "still being prepared"),
        (RESTORES, "b3", "it is expired"),
        (RESTORES, "b4", "it is failed"),
        (RESTORES, "b5", "it is cancelled"),
        (RESTORES, "b6", "has been fetched already"),
        (RESTORES, "b8", "its delivery type is automated"),
        (RESTORES, "ff", "does not exist"),
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_refusals_come_before_anything_is_fetched(sandbox, tmp_path, module, suffix, words, check):
    result = fetch(module, sandbox, tmp_path / "a", job_ids=[job(suffix)], check=check)
    if check and "still" in words:
        # A task before may wait for it.
        assert ("failed" in result, result["changed"], len(result["warnings"])) == (False, True, 1)
        assert words in result["warnings"][0]
    else:
        assert (result["failed"], result["changed"]) == (True, False)
        assert words in result["msg"]
    assert transfers(sandbox) == []
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("status", [400, 403])
def test_a_download_that_the_service_refuses_after_all_is_an_error_with_its_words(sandbox, tmp_path, status):
    """One product says 400, the other 403: it is the code that counts."""
    sandbox.variants(log_error_status=status)
    path = "/download$"
    sandbox.fault(
        kind="status",
        status=status,
        code="CANNOT_DOWNLOAD_EXPIRED_JOB",
        match={"path": path},
        message="It has expired.",
    )
    result = fetch(LOGS, sandbox, tmp_path / "a")
    assert result["error"]["code"] == "CANNOT_DOWNLOAD_EXPIRED_JOB"
    assert "It has expired" in result["msg"]


def test_each_shard_has_a_file_of_its_own_in_a_folder(sandbox, tmp_path):
    more = {"cluster_name": "green", "job_ids": [SHARDED]}
    result = fetch(RESTORES, sandbox, f"{tmp_path}/shards/", **more)
    files = result["jobs"][0]["files"]
    assert [file["part"] for file in files] == ["green-shard-0", "green-shard-1"]
    assert sorted(os.listdir(tmp_path / "shards")) == [os.path.basename(file["dest"]) for file in files]
    assert fetch(RESTORES, sandbox, f"{tmp_path}/shards/", **more)["changed"] is False
    os.unlink(files[1]["dest"])
    lost = fetch(RESTORES, sandbox, f"{tmp_path}/shards/", **more)
    assert (lost["failed"], lost["changed"]) == (True, False)
    assert "a folder" in fetch(RESTORES, sandbox, tmp_path / "one", **more)["msg"]


def test_no_shard_is_fetched_if_another_missing_one_has_no_address_any_more(sandbox, tmp_path):
    more = {"cluster_name": "green", "job_ids": [SHARDED], "retries": 0}
    sandbox.fault(kind="status", status=503, match={"path": "shard-1.tar.gz$"})
    first = fetch(RESTORES, sandbox, f"{tmp_path}/a/", **more)
    assert [file["part"] for file in first["jobs"][0]["files"]] == ["green-shard-0"]
    sandbox.forget_requests()
    for check in (True, False):
        result = fetch(RESTORES, sandbox, f"{tmp_path}/b/", check=check, **more)
        assert (result["failed"], result["changed"]) == (True, False)
        assert "no public download URL (any more) for the archive of green-shard-0" in result["msg"]
        assert "Cancel the job and start another download" in result["msg"]
    # Nothing is fetched that is not of use without the rest, and that cannot be fetched a second time.
    assert transfers(sandbox) == []
    assert fetch(RESTORES, sandbox, f"{tmp_path}/a/", **more)["changed"] is True
    assert len(os.listdir(tmp_path / "a")) == 2


def test_one_failed_job_does_not_stop_the_downloads_of_others(sandbox, tmp_path):
    ids = [job("a1"), job("a4"), job("a3"), job("a5")]
    result = fetch(LOGS, sandbox, f"{tmp_path}/logs/", job_ids=ids)
    assert result["summary"] == {"requested": 4, "changed": 3, "unchanged": 0, "failed": 1}
    assert sorted(result["files"]) == [job("a1"), job("a3"), job("a5")]
    assert sorted(os.listdir(tmp_path / "logs")) == sorted(
        os.path.basename(path) for paths in result["files"].values() for path in paths
    )


def test_a_file_in_a_folder_is_named_after_its_archive_and_predicted(sandbox, tmp_path):
    minute = "[0-9]{8}T[0-9]{4}Z"
    for module, name in (
        (LOGS, f"logs-rsBlue-{minute}-{job('a1')}.tar.gz"),
        (RESTORES, f"restore-blue-{minute}-{job('e2')}.tar.gz"),
    ):
        predicted = fetch(module, sandbox, f"{tmp_path}/{module}/", check=True)
        real = fetch(module, sandbox, f"{tmp_path}/{module}/")
        assert re.fullmatch(name, os.listdir(tmp_path / module)[0])
        again = fetch(module, sandbox, f"{tmp_path}/{module}/")
        assert predicted["files"] == real["files"] == again["files"]
        assert (real["changed"], again["changed"]) == (True, False)


def test_a_file_of_a_retried_job_keeps_its_name(sandbox, tmp_path):
    failed = {"job_ids": [job("a2")]}
    before = fetch(LOGS, sandbox, f"{tmp_path}/", **failed)["files"]
    run("log_collection_job", accounts.log_collection(sandbox.url, state="retried", **failed))
    predicted = fetch(LOGS, sandbox, f"{tmp_path}/", check=True, **failed)
    sandbox.clock(advance="1m")
    real = fetch(LOGS, sandbox, f"{tmp_path}/", **failed)
    assert (predicted["files"], real["files"], real["changed"]) == (before, before, True)


@both
def test_a_file_that_an_earlier_version_has_named_is_not_fetched_again(sandbox, tmp_path, module):
    former = {LOGS: f"log-collection-{job('a1')}.tar.gz", RESTORES: f"restore-{job('e2')}.tar.gz"}[module]
    fetch(module, sandbox, tmp_path / former)
    sandbox.forget_requests()
    sandbox.clock(advance="3h")
    result = fetch(module, sandbox, f"{tmp_path}/")
    assert ("failed" in result, result["changed"], transfers(sandbox)) == (False, False, [])
    assert list(result["files"].values()) == [[str(tmp_path / former)]]


def test_a_task_whose_time_is_over_leaves_nothing(sandbox, tmp_path):
    (tmp_path / "logs").mkdir()
    sandbox.variants(download_rate=4000)
    arguments = ARCHIVES[LOGS](sandbox.url, tmp_path / "logs", job_ids=[job("a1"), job("a3")])
    task = {f"saasops.jobs.{LOGS}": arguments, "timeout": 4}
    _done, results = Ansible(tmp_path, "action").playbook([task])
    assert results[0]["summary"] == {"requested": 2, "changed": 0, "unchanged": 0, "failed": 2}
    assert "The change was not made. The task exceeded its timeout" in results[0]["jobs"][0]["error"]["message"]
    assert os.listdir(tmp_path / "logs") == []


@both
def test_tar_can_unpack_a_downloaded_archive(sandbox, tmp_path, module):
    fetch(module, sandbox, tmp_path / "a.tar.gz")
    (tmp_path / "unpacked").mkdir()
    subprocess.run(["tar", "xzf", str(tmp_path / "a.tar.gz"), "-C", str(tmp_path / "unpacked")], check=True)
    assert sum(len(files) for _folder, _folders, files in os.walk(tmp_path / "unpacked")) > 1


def test_addresses_are_shown_only_where_that_is_asked_for(sandbox, tmp_path):
    hidden = fetch(RESTORES, sandbox, tmp_path / "a", check=True)
    shown = fetch(RESTORES, sandbox, tmp_path / "a", check=True, reveal_urls=True)
    assert hidden["jobs"][0]["deliveryUrl"] == ["(hidden)"]
    assert shown["jobs"][0]["deliveryUrl"][0].startswith(f"{sandbox.url}/{accounts.DELIVERY_TOKENS[1]}/restore-")


@both
def test_a_transfer_that_is_too_slow_is_given_up(sandbox, tmp_path, module):
    sandbox.variants(archive_content="random", download_rate=8_000)
    result = fetch(module, sandbox, tmp_path / "a", retries=0, minimum_rate=100_000_000, stall_timeout=1)
    assert (result["failed"], result["changed"]) == (True, False)
    assert "where minimum_rate is 100000000 bytes a second" in result["msg"]
    assert os.listdir(tmp_path) == []


def test_a_transfer_that_is_too_slow_goes_on_where_it_was(sandbox, tmp_path):
    sandbox.variants(archive_content="random", download_rate=16_000)
    limits = {"retries": 9, "minimum_rate": 100_000_000, "stall_timeout": 1}
    result = fetch(RESTORES, sandbox, tmp_path / "a", **limits)
    assert "failed" not in result, result["msg"]
    statuses = [request["status"] for request in transfers(sandbox)]
    assert (statuses[0], set(statuses[1:])) == (200, {206})


@both
@pytest.mark.parametrize("limits", [{"minimum_rate": -1}, {"stall_timeout": 0.5}])
def test_invalid_limits_of_a_transfer_are_refused_and_nothing_is_sent(sandbox, tmp_path, module, limits):
    assert f"{next(iter(limits))} must be from" in fetch(module, sandbox, tmp_path / "a", **limits)["msg"]
    assert sandbox.requests() == []


# ------------------------------------------------------------------------------------------------ private endpoints

ONE, TWO = "vpce-0a1b2c3d4e5f60001", "vpce-0a1b2c3d4e5f60002"
BLUE, GREEN = {}, {"cluster_name": "green", "job_ids": [SHARDED]}


@pytest.mark.parametrize("cluster, shards", [(BLUE, 1), (GREEN, 2)])
@pytest.mark.parametrize(
    "shown, asked",
    [
        ("none", {}),
        ("none", {"endpoint_type": "auto"}),
        ("one", {"endpoint_type": "private"}),
        ("two", {}),
        ("two", {"endpoint_type": "private", "endpoint_id": TWO}),
        ("two", {"endpoint_type": "auto", "endpoint_id": TWO}),
        ("only", {"endpoint_type": "private"}),
        ("only", {"endpoint_type": "auto"}),
        ("only", {"endpoint_type": "private", "endpoint_id": ONE}),
    ],
)
def test_archives_are_fetched_from_the_address_that_is_asked_for(sandbox, tmp_path, cluster, shards, shown, asked):
    sandbox.variants(private_endpoints=shown)
    for check in (True, False):
        result = fetch(RESTORES, sandbox, f"{tmp_path}/", check=check, **cluster, **asked)
        assert ("failed" in result, result["changed"]) == (False, True)
    assert len(transfers(sandbox)) == len(os.listdir(tmp_path)) == shards
    # However it was fetched, it is there.
    assert fetch(RESTORES, sandbox, f"{tmp_path}/", **cluster)["changed"] is False


@pytest.mark.parametrize("cluster", [BLUE, GREEN])
@pytest.mark.parametrize(
    "shown, asked, words",
    [
        ("only", {}, f"has addresses of private endpoints only ({ONE}): give endpoint_type: private."),
        ("none", {"endpoint_type": "private"}, "has no address of a private endpoint: give endpoint_type: public."),
        ("two", {"endpoint_type": "private"}, f"several private endpoints: give endpoint_id, one of {ONE}, {TWO}."),
        ("one", {"endpoint_type": "private", "endpoint_id": TWO}, f"private endpoint {TWO}, only for {ONE}."),
        ("two", {"endpoint_id": TWO}, "give endpoint_type: private or auto."),
    ],
)
def test_an_address_that_is_not_there_is_refused_beforehand(sandbox, tmp_path, cluster, shown, asked, words):
    sandbox.variants(private_endpoints=shown)
    for check in (True, False):
        result = fetch(RESTORES, sandbox, f"{tmp_path}/", check=check, **cluster, **asked)
        assert (result["failed"], result["changed"]) == (True, False)
        assert words in result["msg"]
    assert (transfers(sandbox), os.listdir(tmp_path)) == ([], [])


@pytest.mark.parametrize("module", ["restore_job_info", "restore_job", RESTORES])
@pytest.mark.parametrize("cluster", [BLUE, GREEN])
def test_private_addresses_are_shown_like_public_ones(sandbox, tmp_path, module, cluster):
    sandbox.variants(private_endpoints="two")
    more = {"dest": f"{tmp_path}/"} if module == RESTORES else {}
    if module == "restore_job":
        more["state"] = "present"
    for reveals in (False, True):
        arguments = accounts.atlas(sandbox.url, **{"job_ids": [READY], **cluster}, reveal_urls=reveals, **more)
        (job_shown,) = run(module, arguments, check=True)["jobs"]
        for part in job_shown.get("components", [job_shown]):
            private = part["privateDownloadDeliveryUrls"]
            assert [entry["endpointId"] for entry in private] == [ONE, TWO]
            for entry in private:
                assert entry["deliveryUrl"].startswith(sandbox.url) if reveals else entry["deliveryUrl"] == "(hidden)"


@pytest.mark.parametrize("runner", RUNNERS)
def test_private_addresses_show_nowhere(sandbox, tmp_path, runner):
    sandbox.variants(private_endpoints="two")
    sandbox.fault(kind="status", status=403, body="text", match={"path": "tar.gz$"}, times=1)
    shards = accounts.atlas(sandbox.url, **GREEN)
    one = {"dest": f"{tmp_path}/files/", "endpoint_type": "private", "endpoint_id": TWO}
    tasks = [
        {"saasops.jobs.restore_job_info": accounts.atlas(sandbox.url)},
        {"saasops.jobs.restore_job_download": {**shards, **one}},
        {"saasops.jobs.restore_job_download": {**shards, **one}},
    ]
    done, results = Ansible(tmp_path, runner).playbook(tasks, "-vvvv", "--diff")
    assert [result.get("failed", False) for result in results] == [False, True, False]
    assert TWO in json.dumps(results[0])
    for secret in sandbox.secrets():
        assert secret not in done.stdout + done.stderr + json.dumps(results)


# --------------------------------------------------------------------------------------------- ordinary file systems


@both
@pytest.mark.parametrize("into", ["", "a.tar.gz"])
def test_a_file_or_copy_with_its_time_in_whole_seconds_is_not_fetched_again(sandbox, tmp_path, module, into):
    fetch(module, sandbox, tmp_path / into)
    (file,) = tmp_path.iterdir()
    copy = tmp_path / "copies" / file.name
    copy.parent.mkdir()
    # As through an archive of tar, or by way of another file system.
    shutil.copyfile(file, copy)
    for path in (file, copy):
        second = int(path.stat().st_mtime) if path == file else int(file.stat().st_mtime)
        os.utime(path, (second, second))
        result = fetch(module, sandbox, path if into else path.parent)
        assert ("failed" in result, result["changed"], result["warnings"]) == (False, False, [])


def test_a_copy_without_its_time_is_recognized_by_its_name_only_with_a_warning(sandbox, tmp_path):
    fetch(RESTORES, sandbox, f"{tmp_path}/first/")
    (file,) = (tmp_path / "first").iterdir()
    (tmp_path / "second").mkdir()
    shutil.copyfile(file, tmp_path / "second" / file.name)
    result = fetch(RESTORES, sandbox, tmp_path / "second")
    assert ("failed" in result, result["changed"], len(result["warnings"])) == (False, False, 1)
    assert "only the file's name says that they are the same" in result["warnings"][0]
    shutil.copyfile(file, tmp_path / "third")
    result = fetch(RESTORES, sandbox, tmp_path / "third")
    assert "has been fetched already. The download URL works only once, and expires after an hour." in result["msg"]
    assert f"It is not known whether {tmp_path / 'third'} already holds it." in result["msg"]


@contextmanager
def quota(size):
    """Inside, files cannot grow larger, for root neither."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@both
def test_nothing_is_asked_for_where_nothing_can_be_written(sandbox, tmp_path, module):
    (tmp_path / "a").write_text("before")
    with quota(2_000):
        result = fetch(module, sandbox, tmp_path / "a")
    assert f"{tmp_path / 'a'} could not be written: File too large." in result["msg"]
    assert (transfers(sandbox), result["changed"]) == ([], False)
    assert ((tmp_path / "a").read_text(), os.listdir(tmp_path)) == ("before", ["a"])
    assert fetch(module, sandbox, tmp_path / "a")["changed"] is True


@both
def test_a_file_whose_time_cannot_be_set_draws_a_warning_and_is_fetched_once(sandbox, tmp_path, monkeypatch, module):
    def refuse(*_arguments, **_more):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "utime", refuse)
    first = fetch(module, sandbox, tmp_path / "a")
    assert ("failed" in first, first["changed"], len(first["warnings"])) == (False, True, 1)
    again = fetch(module, sandbox, tmp_path / "a")
    assert ("failed" in again, again["changed"], again["warnings"]) == (False, False, [])
    assert len(transfers(sandbox)) == 1


# ----------------------------------------------------------------------------------------------- attributes of files


@pytest.mark.parametrize("runner", RUNNERS)
def test_attributes_of_files_are_predicted_set_and_idempotent_in_both_runners(sandbox, tmp_path, runner):
    own = {"owner": str(os.geteuid()), "group": str(os.getegid())}
    # Only root may give a file to somebody else.
    other = {"owner": "54321", "group": "54322"} if os.geteuid() == 0 else own
    first = {**ARCHIVES[LOGS](sandbox.url, f"{tmp_path}/logs/"), **own, "mode": "u=rw,g=r"}
    then = {**first, **other, "mode": "g-r,u-w", "setype": "logs_t"}
    tasks = [
        {f"saasops.jobs.{LOGS}": arguments, "check_mode": check, "diff": True}
        for arguments in (first, then)
        for check in (True, False, False)
    ]
    _done, results = Ansible(tmp_path, runner).playbook(tasks)
    assert [result["changed"] for result in results] == [True, True, False, True, True, False]
    assert len({json.dumps(result["files"]) for result in results}) == 1
    predicted, real = results[3:5]
    assert (predicted["jobs"], predicted["diff"]) == (real["jobs"], real["diff"])
    assert [real["diff"][side][job("a1")]["files"][0]["mode"] for side in ("before", "after")] == ["0640", "0400"]
    ((path,),) = real["files"].values()
    status = os.stat(path)
    assert (str(status.st_uid), str(status.st_gid), status.st_mode & 0o777) == (*other.values(), 0o400)


@pytest.mark.parametrize("runner", RUNNERS)
def test_an_owner_that_does_not_exist_is_refused_and_nothing_is_sent_in_both_runners(sandbox, tmp_path, runner):
    arguments = {**ARCHIVES[RESTORES](sandbox.url, tmp_path / "a"), "owner": "nobody-of-that-name"}
    _done, results = Ansible(tmp_path, runner).playbook([{f"saasops.jobs.{RESTORES}": arguments}])
    assert results[0]["msg"] == "owner: there is no user 'nobody-of-that-name' on this machine."
    assert sandbox.requests() == []

# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is compared: each function writes what a process needs, and returns the command."""

from __future__ import annotations

import accounts
from measuring import Case, succeeded
from stage import MISSING_JOB

MODULE_RUNNER = "module runner"
IN_PROCESS_RUNNER = "in-process runner"
LOOP_OF_URI = "loop of uri"
URI = "uri"
CURL = "curl"
EMPTY = "empty playbook"

# The variables of a play that choose the runner; the in-process runner is the default.
RUNNERS = {MODULE_RUNNER: {"saasops_jobs_in_process": False}, IN_PROCESS_RUNNER: {}}

_SIGN_IN = {"url_username": "sandboxkey", "url_password": accounts.PRIVATE_KEY}
# As many at a time as a task may have under way.
_PARALLEL = ("--parallel", "--parallel-max", "32")


def _jobs_url(stage):
    return f"{stage.sandbox.url}/api/public/v1.0/groups/{accounts.LOG_PROJECT}/logCollectionJobs"


def empty(stage):
    """One start of Ansible: a playbook with one task that does nothing."""
    return stage.playbook([{"ansible.builtin.debug": {"msg": "nothing"}}])


def empty_case(stage, **labels):
    """The case of the empty playbook, which most scenarios subtract or add."""
    return Case(EMPTY, lambda: _prepare_empty(stage), succeeded, labels)


def _prepare_empty(stage):
    stage.fill()
    return empty(stage)


def delete(stage, ids, runner, **options):
    """One task that deletes all jobs."""
    arguments = accounts.log_collection(stage.sandbox.url, job_ids=ids, state="absent", **options)
    return stage.playbook([{"saasops.jobs.log_collection_job": arguments}], **RUNNERS[runner])


def cancel(stage, ids, runner):
    """One task that cancels all restore jobs."""
    arguments = accounts.atlas(stage.sandbox.url, job_ids=ids, state="absent")
    return stage.playbook([{"saasops.jobs.restore_job": arguments}], **RUNNERS[runner])


def delete_by_uri(stage, ids):
    """Reads, then deletes, as a careful person writes it."""
    job = f"{_jobs_url(stage)}/{{{{ item }}}}"
    read = {
        "ansible.builtin.uri": {"url": job, "status_code": [200, 404], **_SIGN_IN},
        "loop": ids,
        "register": "found",
    }
    remove = {
        "ansible.builtin.uri": {"url": job, "method": "DELETE", **_SIGN_IN},
        "loop": "{{ found.results | selectattr('status', 'eq', 200) | map(attribute='item') }}",
    }
    return stage.playbook([read, remove])


def delete_by_curl(stage, ids):
    """One curl that sends nothing but the deletions, 32 at a time."""
    lines = [f'url = "{_jobs_url(stage)}/{job_id}"' for job_id in ids]
    return stage.curl(lines, *_PARALLEL, "--request", "DELETE")


def get_by_curl(stage, job_id, count):
    """One curl that reads a job again and again, 32 times at a time."""
    return stage.curl([f'url = "{_jobs_url(stage)}/{job_id}"'] * count, *_PARALLEL)


def no_op(stage, times, runner):
    """A task that wants a missing job to be missing; in a loop if more than once."""
    arguments = accounts.log_collection(stage.sandbox.url, job_ids=[MISSING_JOB], state="absent")
    return stage.playbook([_repeated({"saasops.jobs.log_collection_job": arguments}, times)], **RUNNERS[runner])


def no_op_by_uri(stage, times):
    """The same request by uri."""
    arguments = {"url": f"{_jobs_url(stage)}/{MISSING_JOB}", "status_code": [200, 404], **_SIGN_IN}
    return stage.playbook([_repeated({"ansible.builtin.uri": arguments}, times)])


def _repeated(task, times):
    return task if times == 1 else {**task, "loop": list(range(times))}


def list_jobs(stage, runner, **options):
    """One task that lists all jobs. It is not registered: what Ansible does with a variable is not the collection's."""
    arguments = accounts.log_collection(stage.sandbox.url, **options)
    return stage.playbook([{"saasops.jobs.log_collection_job_info": arguments}], **RUNNERS[runner])


def list_by_curl(stage, pages, size):
    """One curl that reads the pages of the list one after another, each into a file."""
    lines = []
    for number in range(1, pages + 1):
        lines.append(f'url = "{_jobs_url(stage)}?pageNum={number}&itemsPerPage={size}"')
        lines.append(f'output = "{page_file(stage, number)}"')
    return stage.curl(lines)


def fetch(stage, runner):
    """One task that fetches the archive of the first job."""
    arguments = {"job_ids": stage.log_jobs(1), "dest": str(archive_file(stage))}
    arguments = accounts.log_collection(stage.sandbox.url, **arguments)
    return stage.playbook([{"saasops.jobs.log_collection_job_download": arguments}], **RUNNERS[runner])


def without_libraries(stage, command, *names):
    """The same command where these libraries are not installed."""
    folder = stage.home / "without"
    for name in names:
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "__init__.py").write_text("raise ImportError(__name__)\n")
    return ["env", f"PYTHONPATH={folder}", *command]


def fetch_by_curl(stage):
    """One curl that writes the same archive to the same file."""
    url = f"{_jobs_url(stage)}/{stage.log_jobs(1)[0]}/download"
    return stage.curl([f'url = "{url}"', f'output = "{archive_file(stage)}"'])


def archive_file(stage):
    """Where both put the archive."""
    return stage.home / "archive.tar.gz"


def page_file(stage, number):
    """Where list_by_curl() puts a page."""
    return stage.home / f"page-{number}.json"

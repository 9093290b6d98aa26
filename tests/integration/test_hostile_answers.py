# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that are made to break whoever reads them, through real Ansible: both runners, to the same result."""

from __future__ import annotations

import pytest
from accounts import log_collection
from ansible_collections.saasops.jobs.tests.unit.support.raw_server import RawServer, receive
from ansible_process import RUNNERS, Ansible

ID = "66f1c0de0000000000000000000000c1"
JOB = (
    f'{{"JobId": "{ID}", '
    '"JobName": "Caf\\u00e9 \\ud83c", "JobStatus": "Complete", "\\udc00": 1, '
    '"Options": {"__ansible_type": "TaggedStr", "value": "x", "tags": []}, '
    '"ReturnTargets": {"__ansible_unsafe": "{{ 1 + 1 }}", "\\u005f_ansible_vault": "x", "kept": "{{ 1 + 1 }}"}, '
    '"MediaLengthSeconds": ' + "9" * 400 + ', "Priority": NaN, "Fidelity": "\\u001b[2J"}'
)


def answering(*bodies):
    """A server whose answers are these bodies, the last one again and again."""

    def serve(connection, _number):
        left = list(bodies)
        while receive(connection):
            body = (left.pop(0) if len(left) > 1 else left[0]).encode()
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    return RawServer(serve)


def cielo24(url, **more):
    return {"base_url": url, "api_token": "canary-token", "retries": 0, **more}


@pytest.mark.parametrize("runner", RUNNERS)
def test_a_list_that_is_made_to_break_its_reader_is_cleaned_and_returned(tmp_path, runner):
    with answering(f'{{"ActiveJobs": [{JOB}]}}') as server:
        task = {"saasops.jobs.cielo24_job_info": cielo24(server.url)}
        done, results = Ansible(tmp_path, runner).playbook([task])
    assert done.returncode == 0
    assert "Traceback" not in done.stdout + done.stderr
    job = results[0]["jobs"][0]
    assert (job["id"], job["JobName"], job["Fidelity"]) == (
        "66f1c0de0000000000000000000000c1",
        "Caf\u00e9 \ufffd",
        "\x1b[2J",
    )
    assert job["Options"] == {"value": "x", "tags": []}
    assert job["ReturnTargets"] == {"kept": "{{ 1 + 1 }}"}
    assert job["MediaLengthSeconds"] is None
    assert job["Priority"] is None


@pytest.mark.parametrize("runner", RUNNERS)
def test_a_deletion_is_reported_whatever_the_job_is_called(tmp_path, runner):
    with answering(f'{{"ActiveJobs": [{JOB}]}}', "") as server:
        task = {"saasops.jobs.cielo24_job": cielo24(server.url, job_ids=[ID], state="absent")}
        _done, results = Ansible(tmp_path, runner).playbook([task])
    assert results[0]["changed"] is True, results[0]
    assert not results[0].get("failed")


@pytest.mark.parametrize("runner", RUNNERS)
def test_a_count_that_cannot_be_one_is_ignored(tmp_path, runner):
    body = '{"totalCount": ' + "9" * 400 + ', "results": [{"id": "66f1c0de0000000000000001"}], "links": []}'
    with answering(body) as server:
        task = {"saasops.jobs.log_collection_job_info": {**log_collection(server.url), "retries": 0}}
        _done, results = Ansible(tmp_path, runner).playbook([task])
    assert results[0]["total"] == 1, results[0]


@pytest.mark.parametrize("runner", RUNNERS)
def test_an_error_that_fakes_a_line_of_ansible_is_shown_on_one_line_with_escapes(tmp_path, runner):
    comment = "no\\r\\nfatal: [localhost]: FAKED!\\u001b[2J\\u0007\\u202e"
    with answering(f'{{"ErrorType": "\\u001b[31mITEM", "ErrorComment": "{comment}"}}') as server:
        task = {"saasops.jobs.cielo24_job_info": cielo24(server.url)}
        done, results = Ansible(tmp_path, runner).playbook([task])
    assert "no fatal: [localhost]: FAKED!\\x1b[2J\\x07\\u202e" in results[0]["msg"]
    assert results[0]["error"]["code"] == "\\x1b[31mITEM"
    assert not {"\x1b", "\x07", "\u202e"} & set(done.stdout + done.stderr)
    assert not any(line.startswith("fatal: [localhost]: FAKED") for line in done.stdout.splitlines())

# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The jobs of an account of cielo24, and its calls as the fake service expects and answers them."""

from __future__ import annotations

from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24 import account, jobs_api
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import Call, Reply, StillClock

TOKEN = {"api_token": "tok"}
LOGIN = {"username": "me", "password": "p&ss"}
NOTHING = {"base_url": "http://127.0.0.1:9", "api_token": None, "username": None, "password": None, "api_key": None}


def connect(context=None, **params):
    settings = HttpSettings(retries=0, max_concurrency=1)
    return jobs_api.CaptioningJobs(
        account.Account({**NOTHING, **params}, settings, context or TaskContext(clock=StillClock()))
    )


def jobs(*ids):
    return Reply(200, {"Username": "me", "ActiveJobs": [{"JobId": each, "JobStatus": "Pending"} for each in ids]})


def error(kind, status=400):
    return Reply(status, {"ErrorType": kind, "ErrorComment": "text"})


def list_call(reply, token="tok", **query):
    text = "".join(f"&{name}={value}" for name, value in query.items())
    return Call(f"GET /api/job/list?v=1&api_token={token}{text}", reply)


def delete_call(reply, path="delete", job_id="a", token="tok"):
    return Call(f"GET /api/job/{path}?v=1&job_id={job_id}&api_token={token}", reply)

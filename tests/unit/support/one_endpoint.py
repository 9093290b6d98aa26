# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service with a single endpoint, for tests of the ways to sign in."""

from __future__ import annotations

from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.client import Client
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.endpoint import Endpoint, ServiceProfile
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.retry import Effect
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import Reply, StillClock

LOOK = Endpoint("look", "GET", "/look", Effect.READ)
OK = Reply(200, {})


def connect(auth):
    """A client of the service, which explains status 401 in its own words."""
    profile = ServiceProfile("S", {}, _read_error, lambda status, code: "check the key")
    context = TaskContext(clock=StillClock())
    return Client(profile, "http://127.0.0.1:9", auth, HttpSettings(retries=0), context)


def _read_error(response):
    return ("NO", "no", None) if response.status == 401 else None

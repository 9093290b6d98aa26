# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service with the conventions of MongoDB, and a client of it."""

from __future__ import annotations

from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http import endpoint
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.retry import Effect
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._services.mongodb import sign_in
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import StillClock

LIST = endpoint.Endpoint("list", "GET", "/jobs", Effect.READ)
NOTHING = {"public_key": None, "private_key": None, "client_id": None, "client_secret": None}
PARAMS = {**NOTHING, "base_url": "http://127.0.0.1:9", "public_key": "pub", "private_key": "priv"}


def connect(context=None, **params):
    """A client that sends one request at a time, and each only once."""
    settings = HttpSettings(retries=0, max_concurrency=1)
    return sign_in.connect("Things", {**PARAMS, **params}, settings, context or TaskContext(clock=StillClock()))

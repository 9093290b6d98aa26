# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the libraries below an event source log."""

from __future__ import annotations

import logging

from ansible_collections.saasops.jobs.plugins.plugin_utils._event_log import hide_queries


def test_queries_are_hidden_whoever_logs_them_and_however_often_that_is_asked_for(caplog):
    caplog.set_level(logging.DEBUG)
    for _source in range(2):
        hide_queries()
    library = logging.getLogger("urllib3.connectionpool")
    library.debug('%s "%s %s %s" %s', "http://a", "GET", "/api/job/list?v=1&api_token=canary", "HTTP/1.1", 200)
    library.warning("Failed to parse headers (url=%s): 5 %% off", "http://a/b?api_token=canary")
    library.info("no query in %s", "/a")
    assert caplog.messages == [
        'http://a "GET /api/job/list?(hidden) HTTP/1.1" 200',
        "Failed to parse headers (url=http://a/b?(hidden)): 5 % off",
        "no query in /a",
    ]

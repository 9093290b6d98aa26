# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core import errors
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts import selection


def test_pick_refuses_an_ambiguous_name_that_is_asked_for():
    streams = [{"log_stream_id": "s1", "log_stream_name": "web"}, {"log_stream_id": "s2", "log_stream_name": "web"}]
    with pytest.raises(errors.JobsError, match="several log streams named web"):
        selection.pick(streams, "log_stream_name", ["web"])
    assert list(selection.pick(streams, "log_stream_id", ["S2", "s9"])) == ["S2"]
    # Nobody asks for the ambiguous name.
    assert selection.pick(streams, "log_stream_name", ["api"]) == {}


def test_created_reads_milliseconds_and_ignores_nonsense():
    assert selection.created({"creation_time": 1630549842955}).isoformat() == "2021-09-02T02:30:42.955000+00:00"
    for nonsense in (None, "soon", 10**18, -(10**18)):
        assert selection.created({"creation_time": nonsense}) is None

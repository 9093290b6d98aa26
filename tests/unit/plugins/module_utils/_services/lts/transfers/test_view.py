# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.selection import Selection
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.transfers import view


@pytest.mark.parametrize(
    "given, fits",
    [
        ({}, True),
        ({"log_group_name": "app"}, True),
        ({"log_group_name": "ap"}, False),
        ({"log_group_id": "11111111-AAAA-4000-8000-000000000001"}, True),
        ({"log_group_id": "11111111-aaaa-4000-8000-000000000002"}, False),
        ({"statuses": ["ENABLE", "EXCEPTION"]}, True),
        ({"statuses": ["DISABLE"]}, False),
    ],
)
@pytest.mark.parametrize(
    "field, streams, feeds",
    [
        (None, None, True),
        ("log_stream_name", ["web", "api"], True),
        ("log_stream_name", ["WEB"], False),
        ("log_stream_id", ["S1"], True),
        ("log_stream_id", ["s2"], False),
    ],
)
def test_filters_are_combined(given, fits, field, streams, feeds):
    transfer = {
        "log_transfer_id": "t1",
        "log_transfer_info": {"log_transfer_status": "ENABLE"},
        "log_group_id": "11111111-aaaa-4000-8000-000000000001",
        "log_group_name": "app",
        "log_streams": [{"log_stream_id": "s1", "log_stream_name": "web"}],
    }
    params = {"log_group_id": None, "log_group_name": None, "statuses": None, **given}
    selected = Selection(field, streams) if field else None
    assert view.TransferFilter(params, selected, TaskContext()).matches(transfer) is (fits and feeds)


@pytest.mark.parametrize("shown", ["s1", "S1"])
@pytest.mark.parametrize("given", ["s1", "S1"])
def test_an_id_is_the_same_in_either_case(given, shown):
    transfer = {"log_transfer_id": "t1", "log_streams": [{"log_stream_id": shown}]}
    params = {"log_group_id": None, "log_group_name": None, "statuses": None}
    wanted = view.TransferFilter(params, Selection("log_stream_id", [given]), TaskContext())
    assert wanted.matches(transfer) is True


@pytest.mark.parametrize(
    "info, shown",
    [
        (
            {
                "log_transfer_type": "OBS",
                "log_transfer_status": "ENABLE",
                "log_create_time": 1_772_352_000_000,
                "log_transfer_detail": {"obs_bucket_name": "archive", "obs_period": 3},
            },
            {
                "log_create_time": "2026-03-01T08:00:00Z",
                "log_transfer_info": {
                    "log_transfer_type": "OBS",
                    "log_transfer_status": "ENABLE",
                    "log_transfer_detail": {"obs_bucket_name": "archive"},
                },
            },
        ),
        (
            {"log_transfer_type": "DIS", "log_transfer_detail": None},
            {"log_transfer_info": {"log_transfer_type": "DIS"}},
        ),
        (None, {"log_transfer_info": {}}),
    ],
)
def test_details_tell_where_the_logs_come_from_and_go(info, shown):
    transfer = {
        "log_transfer_id": "t1",
        "log_group_name": "app",
        "log_streams": [{"log_stream_id": "s1", "log_stream_name": "web"}, {"log_stream_id": "s2"}],
        "log_transfer_info": info,
    }
    assert view.details(transfer) == {"log_group_name": "app", "log_streams": ["web", "s2"], **shown}

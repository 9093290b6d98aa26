# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.saasops.jobs.plugins.filter import role_connection
from role_templates import OMIT, evaluate


def connection(role, service="", **variables):
    return evaluate(f"'{role}' | role_connection('{service}')", role_connection, **variables)


def test_role_connection_with_empty_and_omitted_variables_leaves_them_out():
    variables = {"lts_retention_endpoint": "https://lts", "lts_retention_region": "", "lts_retention_cloud": OMIT}
    assert connection("lts_retention", **variables) == {"endpoint": "https://lts"}


def test_role_connection_with_other_variables_of_the_role_leaves_them_out():
    variables = {"cielo24_purge_username": "newsroom", "cielo24_purge_status": ["Complete"], "cielo24_purge_cloud": "x"}
    assert connection("cielo24_purge", **variables) == {"username": "newsroom"}


def test_role_connection_with_variables_of_another_role_leaves_them_out():
    variables = {"log_collection_sweep_project_id": "a", "log_collection_project_id": "b"}
    assert connection("log_collection", **variables) == {"project_id": "b"}


def test_role_connection_of_one_of_several_services_leaves_out_the_others():
    variables = {
        "job_report_atlas_public_key": "a",
        "job_report_log_collection_public_key": "b",
        "job_report_dest": "/",
    }
    assert connection("job_report", "atlas", **variables) == {"public_key": "a"}
    assert connection("job_report", "lts", **variables) == {}

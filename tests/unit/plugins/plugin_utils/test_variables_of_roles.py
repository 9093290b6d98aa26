# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import jinja2
import pytest
from ansible_collections.saasops.jobs.plugins.plugin_utils import _role_variables
from role_templates import OMIT


def context(**variables):
    return jinja2.Environment().from_string("").new_context({"omit": OMIT, **variables})


def test_given_with_undefined_omitted_and_undocumented_variables_leaves_them_out():
    variables = context(
        lts_retention_region="eu-de",
        lts_retention_project_id="",
        lts_retention_cloud=None,
        lts_retention_endpoint=OMIT,
        lts_retention_username=jinja2.Undefined(name="nothing"),
        lts_retention_regions=["eu-de"],
        other="x",
    )
    assert _role_variables.given(variables, "lts_retention") == {"region": "eu-de", "project_id": "", "cloud": None}


def test_given_with_results_that_were_handed_on_does_not_read_them():
    variables = context(lts_retention_report={"app": {}}, log_collection_jobs=[1], log_collection_files=[2])
    assert _role_variables.given(variables, "lts_retention") == {}
    assert _role_variables.given(variables, "log_collection") == {}


@pytest.mark.parametrize("omit", [OMIT, object()])
def test_is_absent_of_either_kind_of_omit_is_true(omit):
    variables = context(omit=omit)
    assert _role_variables.is_absent(variables, omit)
    assert not _role_variables.is_absent(variables, "")
    assert not _role_variables.is_absent(variables, None)


def test_undocumented_with_the_report_and_misspelt_names_lists_the_latter():
    variables = context(lts_retention_report={}, lts_retention_groups=[], lts_retention_group=[], lts_retention_a=1)
    assert _role_variables.undocumented(variables, "lts_retention") == ["lts_retention_a", "lts_retention_group"]


def test_undocumented_with_facts_and_variables_of_a_role_with_a_longer_name_lists_none():
    variables = context(log_collection_jobs=[], log_collection_files=[], log_collection_sweep_older_than="30d")
    assert _role_variables.undocumented(variables, "log_collection") == []
    assert _role_variables.undocumented(variables, "log_collection_sweep") == []


def test_overridden_with_reserved_variables_lists_none():
    assert _role_variables.overridden(context(__lts_retention_plan=_role_variables.RESERVED), "lts_retention") == []


@pytest.mark.parametrize("value", ["", "free", None, [], {}, 0])
def test_overridden_with_any_other_value_names_the_variable(value):
    variables = context(__lts_retention_plan=_role_variables.RESERVED, __lts_retention_group=value)
    assert _role_variables.overridden(variables, "lts_retention") == ["__lts_retention_group"]


def test_overridden_with_variables_of_a_role_with_a_longer_name_ignores_them():
    variables = context(__log_collection_sweep_plan={}, __log_collection_jobs=[])
    assert _role_variables.overridden(variables, "log_collection") == ["__log_collection_jobs"]
    assert _role_variables.overridden(variables, "log_collection_sweep") == ["__log_collection_sweep_plan"]

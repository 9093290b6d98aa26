# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.filter import awx_setup
from awx_catalogue import created, setup
from role_templates import OMIT, evaluate


def evaluated(expression, **variables):
    given = setup(**variables)
    named = {f"awx_setup_{name}": value for name, value in given.variables.items()}
    catalogue = {f"_awx_setup_{name}": value for name, value in vars(given.catalogue).items()}
    return evaluate(f"'awx_setup' | {expression}", awx_setup, **named, **catalogue)


def test_awx_objects_are_made_of_the_variables_as_the_template_sees_them():
    assert evaluated("awx_objects", services="lts", dest="/srv") == created(services="lts", dest="/srv")


def test_awx_connection_has_what_is_set_and_no_more():
    given = {"controller_host": "https://awx", "controller_username": "", "controller_password": None}
    assert evaluated("awx_connection", **given, controller_oauthtoken=OMIT, validate_certs=False) == {
        "controller_host": "https://awx",
        "validate_certs": False,
    }


@pytest.mark.parametrize(
    "results, missing",
    [
        ([{"changed": True, "id": 1}, {"changed": False, "id": 2}], False),
        ([{"changed": False, "skipped": True}], False),
        ([{"changed": True}], True),
        ([{"changed": False, "id": 1}, {"changed": True, "results": [{"changed": True, "id": 3}]}], False),
        ([{"changed": True, "results": [{"changed": True, "id": 3}, {"changed": True}]}], True),
    ],
)
def test_awx_missing_tells_predictions_from_objects_that_exist(results, missing):
    assert awx_setup.awx_missing(results) is missing

# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec


@pytest.mark.parametrize("value", [True, False])
def test_a_bool_is_not_accepted_as_a_number(value):
    with pytest.raises(InvalidInput, match="max_deletions must be from 0"):
        argspec.check_limits({"max_deletions": value})

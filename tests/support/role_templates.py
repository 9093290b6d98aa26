# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Expressions of roles without Ansible around them."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import jinja2

OMIT = "__omit_place_holder__of_the_tests"


def evaluate(expression: str, plugin: ModuleType, **variables: Any) -> Any:
    """What an expression with the filters of a plugin gives.

    :param variables: what is defined; `omit` is too.
    """
    environment = jinja2.Environment()
    environment.filters.update(plugin.FilterModule().filters())
    return environment.compile_expression(expression, undefined_to_none=False)(omit=OMIT, **variables)

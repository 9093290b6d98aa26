# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks, wherever a test makes a plan, that making it is a pure function.

Each plan is made twice, on equal copies of what was observed. The two must be equal, and neither may change the
observation or the reconciler. A plan that sends a request or shows a warning does so twice, which other tests notice.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.change import PlannedChange
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.reconciler import Reconciler


def check_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has every reconciler that is known by now make each plan twice."""
    for kind in _kinds(Reconciler):
        if "plan" in vars(kind) and not getattr(kind.plan, "__isabstractmethod__", False):
            monkeypatch.setattr(kind, "plan", _checked(kind.plan))


def _kinds(base: type) -> Iterator[type]:
    for kind in base.__subclasses__():
        yield kind
        yield from _kinds(kind)


def _checked(plan: Any) -> Any:
    def twice(self: Reconciler[Any, Any], key: str, observed: Any, facts: Any) -> PlannedChange:
        state, seen = _frozen(vars(self)), _frozen((observed, facts))
        again = _copied((observed, facts))
        first: PlannedChange = plan(self, key, observed, facts)
        assert _frozen((observed, facts)) == seen, f"planning for {key} changed what was observed"
        second: PlannedChange = plan(self, key, *again)
        assert _frozen(first) == _frozen(second), f"the plan for {key} is another one the second time"
        assert _frozen(vars(self)) == state, f"planning for {key} changed its reconciler"
        return first

    return twice


def _copied(value: Any) -> Any:
    """A copy of all containers, with the same things in them."""
    if isinstance(value, dict):
        return {key: _copied(part) for key, part in value.items()}
    if type(value) in (list, tuple, set, frozenset):
        return type(value)(_copied(part) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        copied = copy.copy(value)
        for field in fields(value):
            object.__setattr__(copied, field.name, _copied(getattr(value, field.name)))
        return copied
    return value


def _frozen(value: Any) -> Any:
    """Something that is equal as long as a value holds the same things."""
    if isinstance(value, TaskContext):
        return tuple(value.warnings)
    if isinstance(value, BaseException):
        return type(value), str(value)
    if isinstance(value, dict):
        return "dict", tuple((key, _frozen(part)) for key, part in value.items())
    if isinstance(value, (list, tuple)):
        return "list", tuple(_frozen(part) for part in value)
    if isinstance(value, (set, frozenset)):
        return "set", frozenset(_frozen(part) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        return type(value), tuple(_frozen(getattr(value, field.name)) for field in fields(value))
    return value if isinstance(value, (str, bytes, int, float, type(None))) else id(value)

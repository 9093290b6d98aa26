# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module as its own process would, without starting one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from ansible.module_utils import basic
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module


@contextmanager
def arguments_of_module(args: dict[str, Any]) -> Iterator[pytest.MonkeyPatch]:
    """Has AnsibleModule find these arguments where a process of its own has them; what else is patched ends with it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": args}).encode())
        # From ansible-core 2.19 on.
        patch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
        yield patch


def run_as_module(
    capsys: pytest.CaptureFixture[str],
    spec: dict[str, dict[str, Any]],
    task: Callable[..., dict[str, Any]],
    args: dict[str, Any],
    **more: Any,
) -> dict[str, Any]:
    """Return the result that the module prints for these arguments.

    :param more: further arguments of run_module().
    """
    with arguments_of_module(args), pytest.raises(SystemExit):
        run_module(spec, task, **more)
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result

# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Action plugins with just so much of Ansible around them as they look at."""

from __future__ import annotations

import importlib
from types import SimpleNamespace

from ansible.plugins.connection.local import Connection


def action_plugin(name):
    return importlib.import_module(f"ansible_collections.saasops.jobs.plugins.action.{name}").ActionModule


def make_action(plugin, folder, args=None):
    """An action on a local connection, whose task asks for nothing in particular."""
    connection = Connection.__new__(Connection)
    connection.become = None
    connection._shell = SimpleNamespace(env_prefix=lambda **variables: "")
    action = plugin.__new__(plugin)
    action._connection = connection
    action._play_context = SimpleNamespace(become=False)
    action._task = SimpleNamespace(
        action="saasops.jobs.x",
        args=args or {},
        async_val=0,
        check_mode=False,
        delegate_to=None,
        diff=False,
        environment=[],
        no_log=False,
        timeout=0,
    )
    action._templar = SimpleNamespace(template=lambda value: value)
    action._loader = SimpleNamespace(get_basedir=lambda: str(folder))
    return action

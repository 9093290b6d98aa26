# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role awx_setup can create, as its files say."""

from __future__ import annotations

from pathlib import Path

import yaml
from ansible_collections.saasops.jobs.plugins.plugin_utils._awx_objects import Catalogue, Setup, objects

ROOT = Path(__file__).resolve().parents[2]
ROLE = ROOT / "roles" / "awx_setup"


class _Loader(yaml.SafeLoader):
    """Reads texts that Ansible must not take for templates."""


_Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


def _load(path):
    return yaml.load(path.read_text(encoding="utf-8"), _Loader)


def catalogue():
    names = ("credential_types", "templates", "workflows")
    return Catalogue(*(_load(ROLE / "vars" / "main" / f"{name}.yml")[f"_awx_setup_{name}"] for name in names))


def setup(**variables):
    """The role with its defaults and these variables, which are named without its prefix."""
    defaults = {key.removeprefix("awx_setup_"): value for key, value in _load(ROLE / "defaults" / "main.yml").items()}
    return Setup({**defaults, **variables}, catalogue())


def created(**variables):
    """The arguments for the modules of awx.awx."""
    return objects(setup(**variables))

# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ids for items that check mode predicts, so that check mode can predict the tasks that follow as well."""

from __future__ import annotations

import hashlib
import json
import re

_FORMAT = r"to-be-created-[0-9a-f]{24}"


def placeholder(*what: object) -> str:
    """Return an id for an item that would be created. Equal arguments give equal ids, others give others.

    :param what: whatever tells this item from others.
    """
    text = json.dumps(what, sort_keys=True, default=str)
    return f"to-be-created-{hashlib.sha256(text.encode()).hexdigest()[:24]}"


def is_placeholder(value: object) -> bool:
    """Whether a value is an id that placeholder() has made."""
    return isinstance(value, str) and re.fullmatch(_FORMAT, value) is not None

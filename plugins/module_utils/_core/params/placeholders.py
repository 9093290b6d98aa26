# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ids for what check mode predicts, so that the tasks that follow can be predicted as well.

Private to this collection.
"""

from __future__ import annotations

import hashlib
import json
import re

_FORM = re.compile(r"to-be-created-[0-9a-f]{24}", re.ASCII)


def placeholder(*what: object) -> str:
    """An id for something that would be created: always the same for the same, and another one for anything else.

    :param what: what tells it from others.
    """
    text = json.dumps(what, sort_keys=True, default=str)
    return f"to-be-created-{hashlib.sha256(text.encode()).hexdigest()[:24]}"


def is_placeholder(value: object) -> bool:
    return isinstance(value, str) and _FORM.fullmatch(value) is not None

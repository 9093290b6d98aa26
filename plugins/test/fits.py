# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable

from ansible.errors import AnsibleFilterError
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import wildcards


def fits(text: object, patterns: object) -> bool:
    """Whether a text matches a pattern, or any of a list, see fits.yml.

    :raises AnsibleFilterError: the text or a pattern is no text.
    """
    given = [patterns] if isinstance(patterns, str) else patterns
    if not isinstance(text, str) or not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise AnsibleFilterError("saasops.jobs.fits: give a text, and a pattern or a list of patterns.")
    return any(wildcards.wildcard(pattern)(text) for pattern in given)


class TestModule:
    """Matches names against patterns, as the modules do."""

    def tests(self) -> dict[str, Callable[..., bool]]:
        return {"fits": fits}

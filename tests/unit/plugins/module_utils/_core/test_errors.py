# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import RequestFailed


def test_a_copy_with_another_sentence_shows_the_first_one_nowhere():
    error = RequestFailed("The token 5ecret was refused.", "GET", "/jobs", retry_after=3.0)
    copy = error.replace(sentence="The token was refused.")
    assert (str(copy), copy.path, copy.retry_after) == ("The token was refused.", "/jobs", 3.0)
    assert "5ecret" not in repr(copy)
    assert str(error) == "The token 5ecret was refused."

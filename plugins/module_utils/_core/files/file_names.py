# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names files after what they hold, with names that every file system takes."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import datetime, timezone

# Characters that a file name must not have.
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]")
# The most bytes of one word of a name. A name of a few words is then shorter than 255 bytes, with room for a prefix.
_LONGEST_WORD = 48


def safe(name: str) -> str:
    """Return a file name without characters that are unsafe in one."""
    return _UNSAFE.sub("_", name)


def archive_name(kind: str, name: str | None, made: datetime | None, item_id: str, part: str | None = None) -> str:
    """Return the name for the file of an archive, such as logs-rsBlue-20260331T0800Z-ID.tar.gz.

    :param kind: what the archive holds, in one word.
    :param name: what it comes from. It is left out if it is unknown or has no letter or digit that ASCII has.
    :param made: a moment that stays the same as long as the item exists, or None if it is unknown.
    :param item_id: its id, which tells archives of the same name and minute apart.
    :param part: which part of the item it holds.
    """
    words = [kind, _word(name or ""), _minute(made), safe(item_id), _bounded(safe(part or ""))]
    return "-".join(word for word in words if word) + ".tar.gz"


def _word(text: str) -> str:
    """Return the part of a text that is safe in a file name: letters without accents, and no punctuation around it."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _UNSAFE.sub("_", plain).strip("._-")[:_LONGEST_WORD].rstrip("._-")


def _bounded(word: str) -> str:
    """Return a word that is not too long. Two words that differ stay different."""
    if len(word) <= _LONGEST_WORD:
        return word
    digest = hashlib.sha256(word.encode()).hexdigest()[:8]
    return f"{word[: _LONGEST_WORD - len(digest) - 1]}-{digest}"


def _minute(moment: datetime | None) -> str:
    """Return a moment in the basic format of ISO 8601 in UTC, to the minute; nothing if it is unknown."""
    return "" if moment is None else moment.astimezone(timezone.utc).strftime("%Y%m%dT%H%MZ")

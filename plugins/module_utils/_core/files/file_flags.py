# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flags of a file, such as i for immutable: chattr sets them, and lsattr shows them."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass

from ansible.module_utils.common.process import get_bin_path

from ..errors import JobsError

# Flags that a file system sets by itself. Chattr removes some of them from small files, and fails with large ones.
_INHERENT = frozenset("EINVe")
_REASON = re.compile(r"chattr: (.+?)(?: while \w+ flags on .*)?", re.DOTALL)


@dataclass(frozen=True)
class Flags:
    """A change of flags.

    :ivar text: the change as chattr takes it, such as +i, or letters only, which stand for = with these letters.
    """

    text: str

    def after(self, flags: frozenset[str]) -> frozenset[str]:
        """Return the flags of a file that has some flags now. It keeps those that its file system sets."""
        operator, letters = ("=", self.text) if self.text[0] not in "+-=" else (self.text[0], self.text[1:])
        if operator == "=":
            return frozenset(letters) | flags & _INHERENT
        return flags | frozenset(letters) if operator == "+" else flags - frozenset(letters)

    def remove(self, path: str) -> None:
        """Remove the flags that a file is not to have: some prevent any other change of it.

        :raises JobsError: they could not be removed.
        """
        now = flags_of(path)
        _set(path, now, now & self.after(now))

    def add(self, path: str) -> None:
        """Add the flags that a file is to have.

        :raises JobsError: they could not be added.
        """
        now = flags_of(path)
        _set(path, now, now | self.after(now))

    def attempt(self, path: str) -> None:
        """Set the flags of a file, and take them back.

        :raises JobsError: they could not be set.
        """
        before = flags_of(path)
        try:
            _set(path, before, self.after(before))
        finally:
            _set(path, flags_of(path), before)


def flags_of(path: str) -> frozenset[str]:
    """Return the flags of a file; none where its file system or this machine does not know any."""
    try:
        listed = _run(get_bin_path("lsattr"), "-d", path)
    except ValueError:
        return frozenset()
    words = listed.stdout.split() if listed.returncode == 0 else []
    return frozenset(words[0].replace("-", "")) if words else frozenset()


def _set(path: str, now: frozenset[str], then: frozenset[str]) -> None:
    """Change only the flags that differ.

    :raises JobsError: it failed.
    """
    for operator, letters in (("-", now - then), ("+", then - now)):
        if not letters:
            continue
        try:
            program = get_bin_path("chattr")
        except ValueError:
            raise JobsError("this machine has no program chattr, which sets attributes") from None
        done = _run(program, operator + "".join(sorted(letters)), path)
        if done.returncode:
            said = _REASON.fullmatch(done.stderr.strip())
            raise JobsError(f"chattr failed ({said[1] if said else f'exit status {done.returncode}'})")


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LC_ALL": "C"}
    # Threads call this, and AnsibleModule.run_command() changes what they share. pylint: disable=ansible-bad-function
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, env=environment)

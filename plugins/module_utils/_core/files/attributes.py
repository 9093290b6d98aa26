# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The attributes of a file besides its content, and how an open file gets them."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from dataclasses import dataclass

from ..errors import JobsError
from .ansible_files import Labels
from .file_owner import Ownership


@dataclass(frozen=True)
class Attributes:
    """The attributes of a file besides its content.

    :ivar mode: its permissions.
    :ivar mode_matters: other permissions are an error, and not just a warning.
    :ivar modified: its modification time in nanoseconds since the epoch, or None for now.
    :ivar identity: text that identifies its content, to be recorded with it, or None.
    :ivar ownership: its owner and group.
    :ivar labels: its SELinux context and flags.
    """

    mode: int
    mode_matters: bool
    modified: int | None = None
    identity: str | None = None
    ownership: Ownership = Ownership()
    labels: Labels = Labels()


def give(descriptor: int, wanted: Attributes) -> int:
    """Give an open file its owner, group and permissions. At no point does it grant more than it grants at the end.

    :returns: its permissions afterwards. Some file systems refuse other ones, others ignore the request.
    :raises OSError: it does not get the owner or the group.
    """
    before = os.fstat(descriptor)
    if not wanted.ownership.is_of(before):
        # The new owner and group must not get permissions that were meant for the old ones.
        with suppress(OSError):
            os.fchmod(descriptor, stat.S_IMODE(before.st_mode) & wanted.mode)
        try:
            wanted.ownership.give(descriptor)
        except OSError:
            with suppress(OSError):
                os.fchmod(descriptor, stat.S_IMODE(before.st_mode))
            raise
    with suppress(OSError):
        os.fchmod(descriptor, wanted.mode)
    return stat.S_IMODE(os.fstat(descriptor).st_mode)


def set_attributes(path: str, wanted: Attributes) -> None:
    """Set the attributes of a file, which must not be a link. Its content and its time stay.

    :raises JobsError: the file does not get them.
    """
    labels = wanted.labels
    try:
        if labels.flags:
            labels.flags.remove(path)
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            labels.set_context(path, path)
            kept = give(descriptor, wanted)
            if kept != wanted.mode:
                # If this is refused, the error says why.
                os.fchmod(descriptor, wanted.mode)
        finally:
            os.close(descriptor)
        if labels.flags:
            labels.flags.add(path)
    except OSError as error:
        raise attributes_not_set(path, error.strerror) from None
    except JobsError as error:
        raise attributes_not_set(path, error) from None
    if kept != wanted.mode:
        raise mode_not_kept(path, wanted.mode, kept)


def attributes_not_set(path: str, reason: object) -> JobsError:
    """Return the error for a file that did not get its attributes.

    :param reason: a clause.
    """
    return JobsError(f"The attributes of {path} could not be set: {reason}.")


def mode_not_kept(path: str, mode: int, kept: int) -> JobsError:
    """Return the error for a file system that does not store permissions."""
    return JobsError(
        f"{path}: its file system does not store the permissions {mode:04o}; files there have {kept:04o}. Omit mode, "
        f"or set mode: '{kept:04o}' if those permissions are not too open."
    )

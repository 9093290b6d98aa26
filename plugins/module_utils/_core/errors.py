# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong, as sentences that a person can act on."""

from __future__ import annotations

import platform
import sys
from typing import Any, TypeVar

from .printable import printable

ErrorT = TypeVar("ErrorT", bound="JobsError")


class JobsError(Exception):
    """Base of all failures that end in a message to the user.

    :param sentence: what happened and, where known, what to do about it.
    :param aborts_task: the same would happen to every further item, so none is tried.
    """

    # Whether the same might succeed later, without anybody doing anything about it.
    is_transient: bool = False
    status: int | None = None
    code: str | None = None
    request_id: str | None = None
    method: str | None = None
    path: str | None = None

    def __init__(self, sentence: str, *, aborts_task: bool = False) -> None:
        # It may repeat what a service or a user wrote.
        sentence = printable(sentence)
        super().__init__(sentence)
        self.sentence = sentence
        self.message = sentence
        self.aborts_task = aborts_task

    def __str__(self) -> str:
        return self.sentence

    def replace(self: ErrorT, *, sentence: str | None = None, aborts_task: bool | None = None) -> ErrorT:
        """A copy of this error with another sentence, or with another effect on the task."""
        error = type(self).__new__(type(self), *self.args)
        error.__dict__.update(self.__dict__)
        if sentence is not None:
            error.sentence = printable(sentence)
            error.args = (error.sentence,)
        if aborts_task is not None:
            error.aborts_task = aborts_task
        return error

    def as_dict(self) -> dict[str, Any]:
        """The documented RV(error): never headers, a body or a query string."""
        return {
            "status": self.status,
            "code": self.code,
            "message": self.message,
            "request_id": self.request_id,
            "method": self.method,
            "path": self.path,
        }


class InvalidInput(JobsError):
    """What the user gave is invalid; nothing was sent."""


class MissingLibrary(JobsError):
    """A Python library is missing, or cannot be imported for another reason.

    :param library: its name on the package index.
    :param details: what its import has raised.
    """

    def __init__(self, library: str, details: Exception) -> None:
        why = f"{type(details).__name__}: {details}"
        super().__init__(
            f"The Python library {library} cannot be imported ({why}). Install it for {sys.executable} on "
            f"{platform.node()}, or set ansible_python_interpreter to a Python that has it."
        )


class Defect(JobsError):
    """Something was raised that nobody expected: this collection, or a library below it, is wrong.

    :param cause: what was raised. Its text may hold addresses, so only its type is shown.
    """

    def __init__(self, cause: BaseException) -> None:
        super().__init__(
            f"This is a bug in the collection ({type(cause).__name__}). Please report it, with what -vvv shows, at "
            "https://github.com/saasops/ansible-collection-jobs/issues."
        )


class Refusal(JobsError):
    """The plan for an item is not to touch it, because that would be wrong; nothing was sent for it."""


class RequestFailed(JobsError):
    """A request did not succeed.

    :param method: HTTP method.
    :param path: path of the request, without the query.
    :param retry_after: seconds that the service asked to wait, or None.
    """

    def __init__(
        self, sentence: str, method: str, path: str, *, retry_after: float | None = None, aborts_task: bool = False
    ) -> None:
        super().__init__(sentence, aborts_task=aborts_task)
        self.method = method
        self.path = path
        self.retry_after = retry_after


class ServiceError(RequestFailed):
    """The service (or something in front of it) answered, and not with success.

    :param message: the service's own words.
    :param code: the service's own error code, or None.
    :param hint: the part of the sentence that says what to do, or "".
    """

    def __init__(
        self,
        sentence: str,
        status: int,
        code: str | None,
        message: str,
        request_id: str | None,
        method: str,
        path: str,
        retry_after: float | None = None,
        *,
        hint: str = "",
        aborts_task: bool = False,
    ) -> None:
        # Credentials that are refused once are refused for all, and services lock keys that are tried too often.
        super().__init__(sentence, method, path, retry_after=retry_after, aborts_task=aborts_task or status == 401)
        self.is_transient = status in (408, 429) or status >= 500
        self.status = status
        self.code = code
        self.message = message
        self.request_id = request_id
        self.hint = printable(hint)


class NoResponse(RequestFailed):
    """No usable answer arrived: not connected, connection lost, or time ran out."""

    def __init__(
        self,
        sentence: str,
        method: str,
        path: str,
        *,
        aborts_task: bool = False,
        is_transient: bool = True,
    ) -> None:
        super().__init__(sentence, method, path, aborts_task=aborts_task)
        self.is_transient = is_transient


class OutcomeUnknown(JobsError):
    """A request that changes something may have acted: look before doing anything else.

    :param cause: what left it in doubt.
    """

    def __init__(self, cause: JobsError) -> None:
        super().__init__(cause.sentence)
        self.cause = cause


class StateConflict(JobsError):
    """The service refused a change because the item is not in the expected state any more: look again.

    :param cause: the ServiceError; it stands if looking again shows nothing new.
    """

    def __init__(self, cause: JobsError) -> None:
        super().__init__(cause.sentence)
        self.cause = cause

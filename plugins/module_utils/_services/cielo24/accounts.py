# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account of cielo24 and those below it, and the captioning jobs of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..._core.containers import Container, Entry, Owner
from ..._core.context import TaskContext
from ..._core.http.settings import HttpSettings
from ..._core.params import validators
from ..._core.params.argspec import ArgumentSpec
from ..._core.params.raw_arguments import NAMES_THAT_SELECT
from .account import LONGEST_TEXT, Account, way_to_sign_in
from .jobs_api import CaptioningJobs, Job, created, text_of

OPTIONS: ArgumentSpec = {"sub_accounts": {"type": "list", "elements": "str", **NAMES_THAT_SELECT}}


class Accounts:
    """An account and those below it, as a ContainerSource. One list holds the jobs of all of them.

    :param params: the OPTIONS of account.py, and those above.
    :raises InvalidInput: one of the parameters is invalid.
    """

    def __init__(self, params: Mapping[str, Any], settings: HttpSettings, context: TaskContext) -> None:
        self._jobs = CaptioningJobs(Account(params, settings, context))
        self._wanted: Sequence[str] | None = None
        if params["sub_accounts"] is not None:
            self._wanted = validators.texts("sub_accounts", params["sub_accounts"], LONGEST_TEXT)
        # A token may be one of another account than the environment names.
        self._own: str | None = None if "api_token" in way_to_sign_in(params) else params["username"]
        self._listed: dict[str, list[Job]] | None = None

    def containers(self) -> Sequence[Container]:
        """See ContainerSource. cielo24 lists no accounts, so those that have jobs are the known ones."""
        if self._wanted is not None:
            names = list(self._wanted)
        else:
            listed = self._list()
            names = [*([self._own] if self._own is not None and self._own not in listed else []), *listed]
        owner = None if self._own is None else Owner(self._own, self._own)
        return [Container(name, name, owner, {} if name == self._own else {"sub_account": name}) for name in names]

    def entries(self, container: Container) -> Iterator[Entry]:
        """See ContainerSource."""
        listed = self._list() if self._listed is None else self._listed
        for job in listed.get(container.id, ()):
            yield Entry(job["JobId"], None, text_of(job, "JobStatus"), created(job))

    def _list(self) -> dict[str, list[Job]]:
        """The jobs of each account."""
        found: dict[str, list[Job]] = {}
        for job in self._all():
            username = text_of(job, "Username") or self._own
            if username is not None:
                found.setdefault(username, []).append(job)
        self._own = self._own or self._jobs.owner
        self._listed = dict(sorted(found.items()))
        return self._listed

    def _all(self) -> list[Job]:
        jobs = self._jobs.all_below()
        return self._jobs.all() if jobs is None else jobs

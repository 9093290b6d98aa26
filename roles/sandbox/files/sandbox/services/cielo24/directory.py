# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...clock import Clock, iso_naive
from ...seed import SeedNode
from ...variants.cielo24 import Cielo24Variants
from .model import NAMESPACE, Account, Durations, Job
from .parameters import CieloError, Parameters
from .seed_reader import read_account

MAX_IDLE_SECONDS = 3600.0


@dataclass
class Session:
    username: str
    last_used: float


@dataclass(frozen=True)
class Task:
    kind: str
    requested: float
    completed: Callable[[], float | None]  # returns when the task completes, if that is known


class Directory:
    """The accounts, their sessions, and what each account may see."""

    def __init__(self, seed: SeedNode | None, clock: Clock, variants: Cielo24Variants):
        self.clock = clock
        self.variants = variants
        self.accounts: dict[str, Account] = {}
        self.secrets: list[str] = []
        self.tasks: dict[str, Task] = {}
        self._sessions: dict[str, Session] = {}  # {token: session}
        self._id_counts: dict[str, int] = {}
        self._last_number = 0
        if seed is not None:
            self._read(seed)

    def new_id(self, *parts: str | None) -> str:
        """An id for a new object. The same sequence of creations gets the same ids after every reset."""
        key = "/".join(part or "" for part in parts)
        self._id_counts[key] = self._id_counts.get(key, 0) + 1
        return uuid.uuid5(NAMESPACE, f"{key}/{self._id_counts[key]}").hex

    def new_number(self) -> int:
        self._last_number += 1
        return self._last_number

    def new_task(self, kind: str, job: Job, completed: Callable[[], float | None] | None = None) -> str:
        now = self.clock.now()
        task_id = self.new_id("task", kind, job.id)
        self.tasks[task_id] = Task(kind, now, completed or (lambda: now))
        return task_id

    def task_document(self, task_id: str) -> dict[str, Any]:
        task = self.tasks.get(task_id)
        if task is None:
            raise CieloError("ITEM_NOT_FOUND", f"No task has the id {task_id}")
        ended = task.completed()
        if ended is not None and ended > self.clock.now():
            ended = None
        return {
            "TaskId": task_id,
            "TaskType": task.kind,
            "TaskRequestTime": iso_naive(task.requested),
            "TaskCompletionTime": None if ended is None else iso_naive(ended),
            "TaskInfo": "",
            "TaskStatus": "INPROGRESS" if ended is None else "COMPLETE",
        }

    def sign_in(self, account: Account) -> str:
        if self.variants.login_token == "fresh":
            account.logins += 1
        made_of = f"token {account.username} {account.password} {account.logins}"
        token = hashlib.sha256(made_of.encode()).hexdigest()[:32]
        self._sessions[token] = Session(account.username, self.clock.now())
        self.secrets.append(token)
        return token

    def sign_out(self, parameters: Parameters) -> None:
        self.caller(parameters)
        del self._sessions[parameters.text("api_token")]

    def caller(self, parameters: Parameters) -> Account:
        """The account that is signed in."""
        token = parameters.text("api_token")
        session, now = self._sessions.get(token), self.clock.now()
        if session is None or now - session.last_used > MAX_IDLE_SECONDS:
            raise CieloError("BAD_API_TOKEN", "The API token is wrong or has expired")
        session.last_used = now
        return self.accounts[session.username]

    def family(self, account: Account) -> list[Account]:
        """The account and its descendants."""
        found = [account]
        for member in found:
            found.extend(other for other in self.accounts.values() if other.parent == member.username)
        return found

    def member(self, account: Account, username: str | None) -> Account:
        """The account itself, or a descendant by its username."""
        if username is None:
            return account
        for member in self.family(account):
            if member.username == username:
                return member
        kind = "ACCOUNT_UNPRIVILEGED" if username in self.accounts else self.variants.unknown_account_error
        raise CieloError(kind, f"{username} is not an account below {account.username}")

    def members(self, account: Account, username: str | None) -> list[Account]:
        """Like `member`, but `*` stands for the account and all its descendants."""
        return self.family(account) if username == "*" else [self.member(account, username)]

    def job(self, parameters: Parameters, with_deleted: bool = False) -> tuple[Account, Job]:
        """The job that the call names, and its owner."""
        account = self.caller(parameters)
        job_id = parameters.text("job_id")
        for owner in self.family(account):
            job = owner.jobs.get(job_id) or (owner.deleted.get(job_id) if with_deleted else None)
            if job:
                job.advance_to(self.clock.now())
                return owner, job
        raise CieloError("ITEM_NOT_FOUND", f"No job has the id {job_id}")

    def durations(self, account: Account) -> Durations:
        """How long the account's jobs take: what the seed says, otherwise what the variants say."""
        seeded, variants = account.durations, self.variants
        return Durations(
            waits=variants.captioning_waits if seeded.waits is None else seeded.waits,
            takes=variants.captioning_takes if seeded.takes is None else seeded.takes,
            review=variants.captioning_review if seeded.review is None else seeded.review,
        )

    def state(self) -> dict[str, Any]:
        for account in self.accounts.values():
            for job in account.jobs.values():
                job.advance_to(self.clock.now())
        return {account.username: account.state() for account in self.accounts.values()}

    def _read(self, seed: SeedNode) -> None:
        now = self.clock.now()
        for node in seed.nodes("accounts"):
            account, token = read_account(node, tuple(self.accounts), now)
            if account.username in self.accounts:
                node.fail("username", f"{account.username} is there twice")
            if token:
                self._sessions[token] = Session(account.username, now)
            self.accounts[account.username] = account
            self.secrets += [secret for secret in (account.password, *account.api_keys, token) if secret]
        seed.reject_unread_fields()

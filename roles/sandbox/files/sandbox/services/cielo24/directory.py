# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from ...clock import Clock, iso_naive
from ...seed import Node
from ...variants.registry import Variants
from .model import NAMESPACE, Account, Job, Pace, read_account
from .parameters import CieloError, Parameters

IDLE_SECONDS = 3600.0


@dataclass
class Task:
    kind: str
    requested: float
    completed: Callable[[], float | None]


class Directory:
    """The accounts, who is signed in to them, and what each may see."""

    def __init__(self, seed: Node | None, clock: Clock, variants: Variants):
        self.clock = clock
        self.variants = variants
        self.accounts: dict[str, Account] = {}
        self.secrets: list[str] = []
        self.tasks: dict[str, Task] = {}
        self._tokens: dict[str, tuple[str, float]] = {}  # token: (username, moment of last use)
        self._made: dict[str, int] = {}
        self._last_number = 0
        if seed is not None:
            self._read(seed)

    def new_id(self, *parts: str | None) -> str:
        """The same for the same thing, however often a test starts over; another one when it is made again."""
        key = "/".join(part or "" for part in parts)
        self._made[key] = self._made.get(key, 0) + 1
        return uuid.uuid5(NAMESPACE, f"{key}/{self._made[key]}").hex

    def new_number(self) -> int:
        self._last_number += 1
        return self._last_number

    def new_task(self, kind: str, job: Job, completed: Callable[[], float | None] | None = None) -> str:
        now = self.clock.now()
        task_id = self.new_id("task", kind, job.id)
        self.tasks[task_id] = Task(kind, now, completed or (lambda: now))
        return task_id

    def task_document(self, task_id: str) -> dict:
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
        if self.variants["login_token"] == "fresh":
            account.logins += 1
        made_of = f"token {account.username} {account.password} {account.logins}"
        token = hashlib.sha256(made_of.encode()).hexdigest()[:32]
        self._tokens[token] = (account.username, self.clock.now())
        self.secrets.append(token)
        return token

    def sign_out(self, parameters: Parameters) -> None:
        self.caller(parameters)
        del self._tokens[parameters.text("api_token")]

    def caller(self, parameters: Parameters) -> Account:
        token = parameters.text("api_token")
        username, used = self._tokens.get(token, ("", 0.0))
        now = self.clock.now()
        if not username or now - used > IDLE_SECONDS:
            raise CieloError("BAD_API_TOKEN", "The API token is wrong or has expired")
        self._tokens[token] = (username, now)
        return self.accounts[username]

    def family(self, account: Account) -> list[Account]:
        """The account and its descendants."""
        found = [account]
        for member in found:
            found.extend(other for other in self.accounts.values() if other.parent == member.username)
        return found

    def member(self, account: Account, username: str | None) -> Account:
        """The account itself, or one below it by its name."""
        if username is None:
            return account
        for member in self.family(account):
            if member.username == username:
                return member
        kind = "ACCOUNT_UNPRIVILEGED" if username in self.accounts else self.variants["unknown_account_error"]
        raise CieloError(kind, f"{username} is not an account below {account.username}")

    def members(self, account: Account, username: str | None) -> list[Account]:
        return self.family(account) if username == "*" else [self.member(account, username)]

    def job(self, parameters: Parameters, with_deleted: bool = False) -> tuple[Account, Job]:
        """The job that the call is about, and whose it is."""
        account = self.caller(parameters)
        job_id = parameters.text("job_id")
        for owner in self.family(account):
            job = owner.jobs.get(job_id) or (owner.deleted.get(job_id) if with_deleted else None)
            if job:
                job.settle(self.clock.now())
                return owner, job
        raise CieloError("ITEM_NOT_FOUND", f"No job has the id {job_id}")

    def pace(self, account: Account) -> Pace:
        def length(name: str) -> float:
            return account.pace.get(name, self.variants[f"captioning_{name}"])

        return Pace(length("waits"), length("takes"), length("review"))

    def state(self) -> dict:
        for account in self.accounts.values():
            for job in account.jobs.values():
                job.settle(self.clock.now())
        return {account.username: account.state() for account in self.accounts.values()}

    def _read(self, seed: Node) -> None:
        now = self.clock.now()
        for node in seed.nodes("accounts"):
            account, token = read_account(node, tuple(self.accounts), now)
            if account.username in self.accounts:
                node.fail("username", f"{account.username} is there twice")
            if token:
                self._tokens[token] = (account.username, now)
            self.accounts[account.username] = account
            self.secrets += [secret for secret in (account.password, *account.api_keys, token) if secret]
        seed.done()

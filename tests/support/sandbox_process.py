# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox as a process of its own, and a client of its control API."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import requests
import yaml
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "roles" / "sandbox" / "files" / "run_sandbox.py"
_FIRST_LINE = "sandbox: listening on "


def default_seed() -> dict[str, Any]:
    seed: dict[str, Any] = yaml.safe_load((PROGRAM.parent / "seed.yml").read_text(encoding="utf-8"))
    return seed


class Control:
    """A client of the control API of a sandbox.

    :param url: the sandbox's address.
    """

    def __init__(self, url: str):
        self.url = url
        self._session = requests.Session()
        self._session.trust_env = False
        # While the sandbox refuses connections, which is one of its faults, the control API is unreachable too.
        self._session.mount("http://", HTTPAdapter(max_retries=Retry(connect=10, read=0, backoff_factor=0.02)))

    def control(self, method: str, name: str, body: Any = None, status: int = 200) -> dict[str, Any]:
        """Sends a control request; returns the JSON object of the response."""
        response = self._session.request(method, f"{self.url}/_sandbox/{name}", json=body, timeout=30)
        assert response.status_code == status, response.text
        document: dict[str, Any] = response.json()
        return document

    def reset(self, seed: dict[str, Any] | None = None) -> None:
        self.control("POST", "reset", seed)

    def variants(self, **values: Any) -> None:
        self.control("POST", "variants", values)

    def clock(self, **values: Any) -> None:
        self.control("POST", "clock", values)

    def begin_a_minute(self) -> None:
        """Moves the clock to the first second of a minute, when rate limits restart."""
        self.clock(advance=-self.now() % 60)

    def now(self) -> float:
        """The time of the sandbox's clock, in whole seconds since the epoch."""
        return datetime.fromisoformat(self.control("GET", "clock")["now"].replace("Z", "+00:00")).timestamp()

    def fault(self, kind: str, **details: Any) -> None:
        self.control("POST", "faults", {"kind": kind, **details})

    def clear_faults(self) -> None:
        self.control("DELETE", "faults")

    def forget_requests(self) -> None:
        self.control("DELETE", "requests")

    def requests(self) -> list[dict[str, Any]]:
        """The service requests since the last reset or forget_requests()."""
        entries: list[dict[str, Any]] = self.control("GET", "requests")["requests"]
        return entries

    def lines(self) -> list[str]:
        """The same as text: method, path, status."""
        return [f"{request['method']} {request['path']} {request['status']}" for request in self.requests()]

    def acted(self) -> int:
        """How many requests changed something."""
        return sum(request["acted"] for request in self.requests())

    def state(self) -> dict[str, Any]:
        return self.control("GET", "state")

    def secrets(self) -> list[str]:
        """All secrets, which must not appear in output, including tokens that were issued meanwhile."""
        secrets: list[str] = self.control("GET", "secrets")["secrets"]
        return secrets


class Sandbox(Control):
    """A running sandbox; a context manager that stops the process at its end."""

    def __init__(self, *arguments: str):
        self._process = subprocess.Popen(
            [sys.executable, str(PROGRAM), "--port", "0", "--quiet", *arguments],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line.startswith(_FIRST_LINE):
            self.stop()
            raise RuntimeError(f"the sandbox did not start: {line!r}")
        super().__init__(line[len(_FIRST_LINE) :].strip())

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_details: object) -> None:
        self.stop()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=10)
        if self._process.stdout:
            self._process.stdout.close()

# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox as a process of its own, and what tests ask of it."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import requests
import yaml
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "roles" / "sandbox" / "files" / "run_sandbox.py"
_ANNOUNCEMENT = "sandbox: listening on "


def default_seed():
    return yaml.safe_load((PROGRAM.parent / "seed.yml").read_text(encoding="utf-8"))


class Control:
    """The control API of a sandbox.

    :param url: the sandbox's address.
    """

    def __init__(self, url):
        self.url = url
        self._session = requests.Session()
        self._session.trust_env = False
        # While the sandbox refuses connections, which is one of its faults, it cannot be asked either.
        self._session.mount("http://", HTTPAdapter(max_retries=Retry(connect=10, read=0, backoff_factor=0.02)))

    def control(self, method, name, body=None, status=200):
        """Asks the control API; returns its JSON answer."""
        response = self._session.request(method, f"{self.url}/_sandbox/{name}", json=body, timeout=30)
        assert response.status_code == status, response.text
        return response.json()

    def reset(self, seed=None):
        self.control("POST", "reset", seed)

    def variants(self, **values):
        self.control("POST", "variants", values)

    def clock(self, **values):
        self.control("POST", "clock", values)

    def begin_a_minute(self):
        """Moves the clock on to the first second of a minute, with which counters start anew."""
        self.clock(advance=-self.now() % 60)

    def now(self):
        """The time of the sandbox's clock, in whole seconds since the epoch."""
        return datetime.fromisoformat(self.control("GET", "clock")["now"].replace("Z", "+00:00")).timestamp()

    def fault(self, kind, **details):
        self.control("POST", "faults", {"kind": kind, **details})

    def clear_faults(self):
        self.control("DELETE", "faults")

    def forget_requests(self):
        self.control("DELETE", "requests")

    def requests(self):
        """The service requests since the last reset or forget_requests()."""
        return self.control("GET", "requests")["requests"]

    def lines(self):
        """The same as text: method, path, status."""
        return [f"{request['method']} {request['path']} {request['status']}" for request in self.requests()]

    def acted(self):
        """How many requests changed something."""
        return sum(request["acted"] for request in self.requests())

    def state(self):
        return self.control("GET", "state")

    def secrets(self):
        """Everything that must not show, with the tokens that were issued meanwhile."""
        return self.control("GET", "secrets")["secrets"]


class Sandbox(Control):
    """A running sandbox; a context manager that stops the process at its end."""

    def __init__(self, *arguments):
        self._process = subprocess.Popen(
            [sys.executable, str(PROGRAM), "--port", "0", "--quiet", *arguments],
            stdout=subprocess.PIPE,
            text=True,
        )
        line = self._process.stdout.readline()
        if not line.startswith(_ANNOUNCEMENT):
            self.stop()
            raise RuntimeError(f"the sandbox did not start: {line!r}")
        super().__init__(line[len(_ANNOUNCEMENT) :].strip())

    def __enter__(self):
        return self

    def __exit__(self, *_details):
        self.stop()

    def stop(self):
        self._process.terminate()
        self._process.wait(timeout=10)
        self._process.stdout.close()

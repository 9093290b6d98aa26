# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Installs the collection as a user would, starts its sandbox, and runs the demo playbook against it three times.

In check mode, for real, and for real again, when nothing may change. The playbook writes a report: one JSON object a
line, with `service` and `what` for the object, `action` for what was or would be done, and `changed`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".build" / "demo"
COLLECTIONS = FOLDER / "collections"
SANDBOX = COLLECTIONS / "ansible_collections/saasops/jobs/roles/sandbox/files/run_sandbox.py"
RUNS = {"check mode": ["--check"], "for real": [], "for real, again": []}
Report = dict[tuple[str, str], dict[str, object]]


def main(tarball: str) -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    os.environ["ANSIBLE_COLLECTIONS_PATH"] = str(COLLECTIONS)
    install = ["ansible-galaxy", "collection", "install", "--offline", "-p", str(COLLECTIONS), tarball]
    subprocess.run(install, check=True, stdout=subprocess.DEVNULL)
    port = FOLDER / "port"
    options = ["--port", "0", "--port-file", str(port), "--parent-pid", str(os.getpid())]
    with (
        (FOLDER / "sandbox.log").open("w") as log,
        subprocess.Popen([sys.executable, str(SANDBOX), *options], stdout=log, stderr=log) as sandbox,
    ):
        try:
            while not port.exists() or not port.read_text():
                if sandbox.poll() is not None:
                    sys.exit(f"The sandbox does not start:\n{(FOLDER / 'sandbox.log').read_text()}")
                time.sleep(0.1)
            url = f"http://127.0.0.1:{port.read_text().strip()}"
            print(f"The sandbox listens on {url}")
            reports = [play(title, url, options) for title, options in RUNS.items()]
        finally:
            sandbox.terminate()
    print(f"\n{table(reports)}\n")
    judge(*reports)


def play(title: str, url: str, options: list[str]) -> Report:
    """Runs the demo playbook; shows its recap, and what failed. Its output is kept in a file."""
    name = FOLDER / re.sub(r"\W+", "-", title)
    log, report = name.with_suffix(".log"), name.with_suffix(".json")
    variables = ["-e", f"sandbox_url={url}", "-e", f"demo_report={report}"]
    begin = time.monotonic()
    with log.open("w") as output:
        command = ["ansible-playbook", "saasops.jobs.demo", *variables, *options]
        status = subprocess.run(command, stdout=output, stderr=output, check=False).returncode
    said = log.read_text()
    print(f"\n== {title} ({time.monotonic() - begin:.0f} s, all of it in {log.relative_to(ROOT)})")
    print(said.rpartition("PLAY RECAP")[2].partition("\n")[2].strip() if status == 0 else said)
    if status:
        sys.exit(f"FAILED, {title}: the playbook ended with status {status}")
    if title == list(RUNS)[-1] and " changed=0 " not in said:
        sys.exit("FAILED: the third run changed something")
    entries = [json.loads(line) for line in report.read_text().splitlines() if line.strip()]
    return {(entry["service"], entry["what"]): entry for entry in entries}


def cell(entry: dict[str, object] | None) -> str:
    if entry is None:
        return "-"
    return f"{entry['action']}{' (changed)' if entry['changed'] else ''}"


def table(reports: list[Report]) -> str:
    """A row for each object, a column for each run."""
    keys = dict.fromkeys(key for report in reports for key in report)
    rows = [("service", "what", *RUNS), *((*key, *(cell(report.get(key)) for report in reports)) for key in keys)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, tuple("-" * width for width in widths))
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def judge(check: Report, real: Report, again: Report) -> None:
    """Ends with an error if a run reported nothing, or if the second did not do what the first announced."""
    complaints = [
        f"The run '{title}' reported nothing." for title, run in zip(RUNS, (check, real, again), strict=True) if not run
    ]
    for key in check.keys() | real.keys():
        if cell(check.get(key)) != cell(real.get(key)):
            complaints.append(f"{' '.join(key)}: announced {cell(check.get(key))}, done {cell(real.get(key))}")
    sys.exit("\n".join(complaints) if complaints else 0)


if __name__ == "__main__":
    main(sys.argv[1])

"""Prints what the demo playbook did, as one table: a row per object, a column per run.

Usage: demo_recap.py CHECK REAL AGAIN

Each argument is a report that the playbook wrote: one JSON object a line, with

    service, what      which object, in words
    action             what was or would be done to it; "none" if nothing
    changed            whether that changed something on the server (would change, in the first run)

The exit status is 1 if a report is missing or empty, if the second run did not do what the first one announced, or if
the third one still changed something.
"""

import json
import sys
from pathlib import Path

HEADINGS = ("check mode", "for real", "for real, again")


def read(path):
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        lines = []
    entries = [json.loads(line) for line in lines if line.strip()]
    return {(entry["service"], entry["what"]): entry for entry in entries}


def cell(entry):
    if entry is None:
        return "-"
    return f"{entry['action']} (changed)" if entry["changed"] else entry["action"]


def table(rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def complaints(check, real, again):
    for heading, report in zip(HEADINGS, (check, real, again)):
        if not report:
            yield f"The run '{heading}' reported nothing."
    for key in check.keys() | real.keys():
        announced, done = cell(check.get(key)), cell(real.get(key))
        if announced != done:
            yield f"{' '.join(key)}: check mode announced {announced}, the real run did {done}."
    for key, entry in again.items():
        if entry["changed"]:
            yield f"{' '.join(key)}: the third run changed it again."


def main(paths):
    reports = [read(path) for path in paths]
    keys = list(dict.fromkeys(key for report in reports for key in report))
    rows = [("service", "what", *HEADINGS)]
    rows += [(*key, *(cell(report.get(key)) for report in reports)) for key in keys]
    print(table(rows))
    found = list(complaints(*reports))
    for complaint in found:
        print(complaint)
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))

# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Benchmarks of the collection: `python tests/benchmarks`, see --help. `make bench` runs it with all it needs."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import machine
import reporting
import scenarios
from measuring import Plan
from sandbox_process import ROOT, Sandbox
from stage import Stage, Wrong


def arguments():
    parser = argparse.ArgumentParser(prog="python tests/benchmarks", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="two runs of small sizes, reported below .build")
    size.add_argument("--full", action="store_true", help="also the loop of uri over 1000 jobs, once")
    parser.add_argument("--runs", type=int, default=5, help="runs of each contestant (default: %(default)s)")
    parser.add_argument(
        "--only", metavar="LETTERS", help=f"some scenarios, as a,c; there are {','.join(scenarios.ALL)}"
    )
    parser.add_argument("--report-only", action="store_true", help="write the report again without measuring")
    options = parser.parse_args()
    options.only = options.only.split(",") if options.only else list(scenarios.ALL)
    unknown = set(options.only) - set(scenarios.ALL)
    if unknown:
        parser.error(f"there is no scenario {', '.join(sorted(unknown))}")
    return options


def measure(letters, plan, results, file):
    """Measures scenarios, and keeps the numbers of each as soon as it is done."""
    for letter in letters:
        print(f"-- {scenarios.ALL[letter].__doc__}", file=sys.stderr, flush=True)
        with Sandbox() as sandbox, tempfile.TemporaryDirectory() as home:
            cases = scenarios.ALL[letter].measure(Stage(sandbox, home), plan)
        results[letter] = {"facts": {**machine.facts(), "runs": plan.runs}, "cases": cases}
        file.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n")


def write_report(results, folder):
    """Writes README.md and the plots; prints the page."""
    sections = []
    for letter, scenario in scenarios.ALL.items():
        if letter in results:
            cases, plot = results[letter]["cases"], f"{scenario.NAME}.svg"
            scenario.plot(cases, folder / plot)
            sections.append((scenario.report(cases), results[letter]["facts"], plot))
    page = reporting.document(sections)
    (folder / "README.md").write_text(page)
    print(page)


def main():
    options = arguments()
    # Quick numbers are for whoever works on this, and never stand beside real ones.
    folder = ROOT / ".build" / "benchmarks" if options.quick else Path(ROOT, "docs", "benchmarks")
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "results.json"
    results = json.loads(file.read_text()) if file.exists() else {}
    if not options.report_only:
        plan = Plan(2 if options.quick else options.runs, options.quick, options.full)
        try:
            measure(options.only, plan, results, file)
        except Wrong as wrong:
            sys.exit(f"The benchmark stopped: {wrong}")
    write_report(results, folder)


if __name__ == "__main__":
    main()

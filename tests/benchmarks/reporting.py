# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report: sections, tables and goals in Markdown."""

from __future__ import annotations

from dataclasses import dataclass, field

import machine

INTRODUCTION = """\
# Benchmarks

`make bench` measures all this and writes this page; nothing here is written by hand. Whole processes are measured, from
their start to their end, against the sandbox on the same machine. Contestants take turns (A, B, C, A, B, C, ...), and
the numbers are medians. Every run is checked: the sandbox must have seen exactly the requests that act.

- **module runner**: the task runs as an Ansible module, in a process of its own.
- **in-process runner**: the same task runs inside Ansible's process, which is the default on a local connection.
- **empty playbook**: one start of Ansible, with a task that does nothing.
"""


@dataclass(frozen=True)
class Goal:
    """A number and what it should be.

    :param reason: sentences that say why it is not met, for when it is not.
    """

    what: str
    measured: float
    limit: float
    at_most: bool = True
    unit: str = ""
    reason: str = ""

    @property
    def met(self):
        return self.measured <= self.limit if self.at_most else self.measured >= self.limit

    def cells(self):
        wanted = f"{'at most' if self.at_most else 'at least'} {self.limit:g}{self.unit}"
        return [self.what, f"{rounded(self.measured)}{self.unit}", wanted, "met" if self.met else "**not met**"]


@dataclass(frozen=True)
class Section:
    """What a scenario has to say: texts and tables, and its goals."""

    title: str
    parts: list
    goals: list = field(default_factory=list)


def table(headers, rows):
    """A Markdown table; all columns but the first, which is text, are aligned to the right."""
    lines = [headers, ["---", *["---:"] * (len(headers) - 1)], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def rounded(number):
    """With three digits, but never less than the whole number."""
    return f"{number:.0f}" if abs(number) >= 100 else f"{number:.3g}"


def seconds(number):
    return f"{number:.1f} s" if number >= 10 else f"{number:.2f} s"


def _reasons(goals):
    """Why goals are not met: a list item for each reason."""
    missed: dict[str, list[str]] = {}
    for goal in goals:
        if not goal.met:
            missed.setdefault(goal.reason or "The reason is not known.", []).append(goal.what)
    return "\n".join(f"- **{'; '.join(what)}**: {reason}" for reason, what in missed.items())


def document(sections):
    """The whole page.

    :param sections: list of (Section, facts of the machine, file name of the plot).
    """
    goals = [goal for section, _facts, _plot in sections for goal in section.goals]
    parts = [INTRODUCTION.strip()]
    if goals:
        met = sum(goal.met for goal in goals)
        cells = table(["goal", "measured", "wanted", ""], [goal.cells() for goal in goals])
        parts += ["## Goals", f"{met} of {len(goals)} goals are met.", cells, _reasons(goals)]
    for section, facts, plot in sections:
        parts += [f"## {section.title}", machine.sentence(facts), *section.parts, f"![{section.title}]({plot})"]
    return "\n\n".join(filter(None, parts)) + "\n"

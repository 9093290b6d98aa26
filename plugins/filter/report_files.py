# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of the role job_report in its formats. All text in it comes from services, so none of it is trusted."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.params.text_lists import text_list
from ansible_collections.saasops.jobs.plugins.plugin_utils import _report_page, _role_variables
from ansible_collections.saasops.jobs.plugins.plugin_utils import _report_words as words
from ansible_collections.saasops.jobs.plugins.plugin_utils._no_template import no_template
from jinja2 import pass_context

if TYPE_CHECKING:
    from jinja2.runtime import Context

FORMATS = ("md", "csv", "json", "html")
COLUMNS = (
    "service",
    "kind",
    "id",
    "name",
    "parent",
    "state",
    "created",
    "age_days",
    "size_bytes",
    "expires",
    "would_delete",
    "reason",
)
_ROLE = "job_report"
# Where a spreadsheet may see a formula, which can begin with full-width signs, too. It may split cells at ";" and tabs.
_FORMULA = re.compile("^(?=[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20])|(?<=[;\t\r\n])(?=[=+\\-@\uff1d\uff0b\uff0d\uff20])")
# All that has a meaning within a line of Markdown, and what begins HTML.
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|~&#$:@!])")
_BREAKS = re.compile("[\r\n\v\f\x1c-\x1e\x85\u2028\u2029\t]+")


@pass_context
@_role_variables.sees_undefined
def report_files(context: Context, role: str) -> list[dict[str, str]]:
    """The files that the role job_report writes, see report_files.yml."""
    variables = _role_variables.given(context, role)
    wanted = text_list(f"{role}_formats", variables["formats"])
    folder = str(variables["dest"]).rstrip("/")
    return [{"format": name, "path": f"{folder}/jobs.{name}"} for name in FORMATS if name in wanted]


@pass_context
@_role_variables.sees_undefined
def report_outcome(context: Context, report: Mapping[str, Any]) -> dict[str, Any]:
    """What the role job_report hands on, see report_outcome.yml."""
    outcome = {
        "files": [file["path"] for file in report_files(context, _ROLE)],
        "services": report["services"],
        "errors": report["errors"],
        "would_delete": sum(service["would_delete"] for service in report["services"]),
    }
    return no_template(outcome)


def report_csv(report: Mapping[str, Any]) -> str:
    """The rows of a report as CSV, see report_csv.yml."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows([_cell(row[column]) for column in COLUMNS] for row in report["rows"])
    return no_template(file.getvalue())


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value).replace("\0", "")
    return _FORMULA.sub("'", text)


def report_markdown(report: Mapping[str, Any]) -> str:
    """A report as Markdown, see report_markdown.yml."""
    page = _report_page.page(report)
    services = [
        (card["title"], card["rows"], card["would_delete"], card["size"], "yes" if card["is_complete"] else "no")
        for card in page["services"]
    ]
    columns = ("title", "kind", "name", "parent", "state", "age", "size", "expires_text", "verdict", "reason", "id")
    lines = [
        "# Jobs",
        "",
        f"At {page['generated']} UTC: {page['row_count']} in all; a sweep would delete {page['would_delete']}.",
        "",
        *_table(("Service", "Entries", "A sweep would delete", "Size", "Complete"), services),
    ]
    if page["errors"]:
        lines += ["", "## What could not be read", ""]
        lines += [f"- {error['title']}: {_escaped(error['message'])}" for error in page["errors"]]
    headings = ("Service", "Kind", "Name", "In", "State", "Age", "Size", "Expires", "Sweep", "Reason", "Id")
    lines += ["", "## Everything", "", *_table(headings, ([row[name] for name in columns] for row in page["rows"]))]
    return no_template("\n".join(lines) + "\n")


def _table(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    listed = list(headings)
    return [_line(listed), _line("---" for _heading in listed), *(_line(map(_escaped, row)) for row in rows)]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(value: object) -> str:
    return _MARKDOWN.sub(r"\\\1", _BREAKS.sub(" ", str(value)).strip())


def report_page(report: Mapping[str, Any]) -> dict[str, Any]:
    """What the template of the page shows, see report_page.yml."""
    return no_template(_report_page.page(report))


def report_summary(report: Mapping[str, Any]) -> list[str]:
    """The lines of a small table, see report_summary.yml."""
    lines = [f"{'':<16} {'entries':>8} {'a sweep would delete':>21} {'known size':>11}"]
    for service in report["services"]:
        name, size = words.TITLES[service["service"]], words.size(service["size_bytes"])
        line = f"{name:<16} {service['rows']:>8} {service['would_delete']:>21} {size:>11}"
        lines.append(line.rstrip() if service["is_complete"] else f"{line}  not all could be read")
    return lines


class FilterModule:
    """Writes the report of the role job_report."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "report_csv": report_csv,
            "report_files": report_files,
            "report_markdown": report_markdown,
            "report_outcome": report_outcome,
            "report_page": report_page,
            "report_summary": report_summary,
        }

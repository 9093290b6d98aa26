# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
from pathlib import Path

import pytest
from ansible_collections.saasops.jobs.plugins.filter import report_files
from role_templates import evaluate

TEMPLATES = Path(__file__).resolve().parents[4] / "roles" / "job_report" / "templates"
ROW = {
    "service": "atlas",
    "kind": "snapshot",
    "id": "e1",
    "name": "before",
    "parent": "blue",
    "state": "completed",
    "created": "2026-03-01T00:00:00Z",
    "age_days": 30.0,
    "size_bytes": 1_550_839_808,
    "expires": "2026-04-03T00:00:00Z",
    "would_delete": False,
    "reason": "",
}


def report(*rows, errors=()):
    service = {"service": "atlas", "rows": len(rows), "would_delete": 0, "size_bytes": 5, "states": {}, "kinds": {}}
    return {
        "generated_at": "2026-03-31T08:05:00Z",
        "services": [{**service, "is_complete": not errors}],
        "errors": list(errors),
        "rows": [{**ROW, **row} for row in rows],
    }


def cells(name):
    text = report_files.report_csv(report({"name": name}))
    return next(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t1", "\r1", "\uff1d1"])
def test_report_csv_of_a_formula_makes_it_text(name):
    assert cells(name)["name"] == f"'{name}"


@pytest.mark.parametrize(
    "name, cell",
    [
        ("a;=1+1;b", "a;'=1+1;b"),
        ("a\t@SUM(A1)", "a\t'@SUM(A1)"),
        ("a\n-1", "a\n'-1"),
        ("\t=1", "'\t'=1"),
        ("a;b", "a;b"),
    ],
)
def test_report_csv_of_a_formula_behind_another_separator_makes_it_text(name, cell):
    assert cells(name)["name"] == cell


def test_report_summary_of_a_service_that_tells_no_sizes_shows_none():
    shown = report()
    shown["services"][0]["size_bytes"] = None
    assert report_files.report_summary(shown)[1].split() == ["MongoDB", "Atlas", "0", "0"]


@pytest.mark.parametrize("name", ["plain", 'say "hi"', "a,b", "two\nlines", "a=b", "", "{{ 7 * 7 }}"])
def test_report_csv_of_other_text_keeps_it(name):
    assert cells(name)["name"] == name


def test_report_csv_of_nothing_and_of_truth_has_words_of_its_own():
    text = report_files.report_csv(report({"would_delete": None}, {"would_delete": True}, {"size_bytes": None}))
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["would_delete"] for row in rows] == ["", "true", "false"]
    assert (rows[2]["size_bytes"], rows[0]["age_days"]) == ("", "30.0")
    assert text.splitlines()[0] == ",".join(report_files.COLUMNS)


def test_report_markdown_of_hostile_names_has_no_markup_and_no_further_cells():
    errors = [{"service": "atlas", "message": "no\n- <b>answer</b>"}]
    text = report_files.report_markdown(report({"name": "a|b\n| c <i> [x](y) `z`"}, errors=errors))
    row = text.splitlines()[-1]
    assert len(re.findall(r"(?<!\\)\|", row)) == 12
    assert r"a\|b \| c \<i\> \[x\](y) \`z\`" in row
    assert r"- MongoDB Atlas: no - \<b\>answer\</b\>" in text


def test_report_page_tells_sizes_ages_and_expiries_in_words():
    page = report_files.report_page(report({}, {"created": None, "age_days": None, "expires": "2026-03-30T00:00:00Z"}))
    first, second = page["rows"]
    assert (first["age"], first["created_text"], first["size"]) == ("30 days", "1 Mar 2026", "1.6 GB")
    assert (first["expires_text"], second["expires_text"], second["age"]) == ("in 2 days", "1 day ago", "")
    (card,) = page["services"]
    assert {one["label"]: one["count"] for one in card["bars"] if one["count"]} == {"30 to 90 days": 1, "unknown": 1}
    assert (page["generated"], page["size"], page["swept_size"]) == ("31 Mar 2026, 08:05", "3.1 GB", "")


@pytest.mark.parametrize(
    ("kind", "would_delete", "word"),
    [
        ("snapshot", None, "unknown"),
        ("snapshot", True, "delete"),
        ("restore job", True, "cancel"),
        ("restore job", False, ""),
    ],
)
def test_report_page_tells_what_a_sweep_would_do(kind, would_delete, word):
    page = report_files.report_page(report({"kind": kind, "would_delete": would_delete}))
    assert page["rows"][0]["verdict"] == word


def test_report_summary_of_an_incomplete_service_says_so():
    errors = [{"service": "atlas", "message": "x"}]
    _heading, line = report_files.report_summary(report({}, errors=errors))
    assert line.split() == ["MongoDB", "Atlas", "1", "0", "5", "B", "not", "all", "could", "be", "read"]


def test_report_files_and_outcome_name_the_wanted_files():
    given = {"job_report_dest": "/srv/jobs/", "job_report_formats": "html, csv", "found": report({})}
    files = evaluate("'job_report' | report_files", report_files, **given)
    assert [file["path"] for file in files] == ["/srv/jobs/jobs.csv", "/srv/jobs/jobs.html"]
    outcome = evaluate("found | report_outcome", report_files, **given)
    assert (outcome["files"], outcome["would_delete"]) == (["/srv/jobs/jobs.csv", "/srv/jobs/jobs.html"], 0)


def test_template_of_the_page_escapes_every_expression():
    text = (TEMPLATES / "jobs.html.j2").read_text(encoding="utf-8")
    expressions = re.findall(r"\{\{(.*?)\}\}", text)
    assert len(expressions) > 40
    assert [expression for expression in expressions if not expression.endswith(" | e ")] == []


@pytest.mark.parametrize(("kind", "file"), [("style", "jobs.css"), ("script", "jobs.js")])
def test_policy_of_the_page_allows_its_own_style_and_script_only(kind, file):
    """Its template drops the last line break of a file that it includes."""
    code = (TEMPLATES / file).read_text(encoding="utf-8").removesuffix("\n")
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    text = (TEMPLATES / "jobs.html.j2").read_text(encoding="utf-8")
    assert f"{kind}-src 'sha256-{digest}'" in text
    assert "default-src 'none'" in text
    assert "://" not in text + code

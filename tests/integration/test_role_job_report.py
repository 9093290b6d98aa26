# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role job_report, in real Ansible processes."""

from __future__ import annotations

import csv
import json
import re
import stat

import accounts
import browser
import pytest
import role_accounts
from accounts import caption, job, stream
from ansible_process import Ansible
from sandbox_process import default_seed

FORMATS = ("md", "csv", "json", "html")
HOSTILE = [
    "<script>document.title='taken'</script>",
    "<img src=x onerror=alert(1)>",
    '=HYPERLINK("http://127.0.0.1/","x")',
    "@SUM(1+9)*cmd|' /C calc'!A0",
    "{{ 7 * 191 }}{% raw %}",
    "two\nlines | and [a](javascript:x) `cell`",
    '\'" onmouseover="x',
]
GROUPS = [{"log_group_name": "app", "keep": "api", "older_than": "75d"}, {"log_group_name": "audit", "keep": "logins"}]
# What sweeps are asked to delete; the names are those of the roles that delete.
SWEEPS = {
    "log_collection_sweep": {"older_than": "30d", "delete_statuses": "SUCCESS, FAILURE, EXPIRED"},
    "restore_download_sweep": {"older_than": "5m", "include_preparing": True, "cluster_names": ["blue", "green"]},
    "lts_retention": {"groups": GROUPS, "delete_transfers": True},
    "cielo24_purge": {"older_than": "4d", "status": ["Complete", "Media Failure", "Reviewing"], "keep": ["Broken*"]},
}
PREFIXES = {
    "log_collection_sweep": "log_collection",
    "restore_download_sweep": "atlas",
    "lts_retention": "lts",
    "cielo24_purge": "cielo24",
}


@pytest.fixture
def folder(roles):
    return roles.home / "report"


def variables(sandbox, folder, **more):
    return role_accounts.all_services(sandbox.url, dest=str(folder), **more)


def swept(**more):
    """The variables of SWEEPS for the report."""
    return {
        **{f"{PREFIXES[role]}_{name}": value for role, options in SWEEPS.items() for name, value in options.items()},
        **more,
    }


def read(folder):
    return json.loads((folder / "jobs.json").read_text(encoding="utf-8"))


def would_delete(folder, service):
    return {row["id"] for row in read(folder)["rows"] if row["service"] == service and row["would_delete"]}


def test_job_report_in_check_mode_and_for_real_reads_all_services_and_writes_all_formats(sandbox, roles, folder):
    given = variables(sandbox, folder)
    checked, real = roles.run_each("job_report", [{**given, "check_mode": True}, given], "-vvvv")
    assert (checked.failure, real.failure) == (None, None)
    assert checked.changed == real.changed == 2
    assert checked.found == real.found
    assert checked.found["files"] == [str(folder / f"jobs.{name}") for name in FORMATS]
    assert "jobs.html" in checked.output
    assert sandbox.acted() == 0
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o640}
    report = read(folder)
    assert {service["service"]: service["rows"] for service in report["services"]} == {
        "log_collection": 6,
        "atlas": 25,
        "lts": 7,
        "cielo24": 6,
    }
    assert report["errors"] == []
    rows = {row["id"]: row for row in report["rows"]}
    assert [rows[job("a1")][name] for name in ("kind", "name", "state", "size_bytes", "would_delete")] == [
        "log collection job",
        "rsBlue",
        "SUCCESS",
        51234,
        True,
    ]
    assert (rows[stream("aaaa", 1)]["parent"], rows[stream("aaaa", 1)]["would_delete"]) == ("app", False)
    assert (rows[caption("a4")]["name"], rows[caption("a4")]["parent"]) == ("Morning news", "newsroom")
    texts = [file.read_text(encoding="utf-8") for file in folder.iterdir()]
    assert [secret for secret in sandbox.secrets() for text in (*texts, real.output) if secret in text] == []


def test_job_report_would_delete_what_the_sweeps_would_delete(sandbox, roles, folder):
    connections = {
        "log_collection_sweep": accounts.log_collection(sandbox.url, retries=0),
        "restore_download_sweep": role_accounts.atlas(sandbox.url),
        "lts_retention": accounts.lts(sandbox.url),
        "cielo24_purge": accounts.cielo24(sandbox.url),
    }
    sweeps = [(role, {**connections[role], **options, "check_mode": True}) for role, options in SWEEPS.items()]
    runs = [("job_report", variables(sandbox, folder, **swept())), *sweeps]
    report, logs, downloads, streams, captions = roles.run_all(runs)
    assert would_delete(folder, "log_collection") == set(logs.logs["deleted"]) == {job("a1"), job("a6")}
    cancelled = {job_id for ids in downloads.downloads.values() for job_id in ids}
    # A sweep tries to cancel the download of a single shard as well, but Atlas refuses that.
    assert would_delete(folder, "atlas") == cancelled | {job("c2")}
    names = {row["name"] for row in read(folder)["rows"] if row["service"] == "lts" and row["would_delete"]}
    assert names == {name for lists in streams.streams.values() for name in lists["deleted"]} > {"nginx", "legacy"}
    assert would_delete(folder, "cielo24") == set(captions.captions["deleted"]) == {caption("a4"), caption("a6")}
    assert report.found["would_delete"] == sum(row["would_delete"] for row in read(folder)["rows"])


def test_job_report_with_services_that_do_not_answer_reports_the_others_and_says_so(sandbox, roles, folder):
    given = variables(
        sandbox,
        folder,
        lts_auth_token="wrong",
        atlas_cluster_names=["blue"],
        **{name: value for name, value in swept().items() if name.startswith("lts")},
    )
    strict, lenient = roles.run_each("job_report", [given, {**given, "fail_on_errors": False}])
    assert strict.failure.startswith("Not everything could be read. ")
    assert lenient.failure is None
    for run in (strict, lenient):
        assert [error["service"] for error in run.found["errors"]] == ["lts"]
    assert [service["is_complete"] for service in read(folder)["services"]] == [True, True, False, True]
    (error,) = read(folder)["errors"]
    assert error["message"] in strict.failure
    assert "401" in (folder / "jobs.md").read_text(encoding="utf-8")
    assert "Not everything could be read" in (folder / "jobs.html").read_text(encoding="utf-8")


def test_job_report_without_an_answer_to_a_sweep_leaves_open_what_it_would_delete(sandbox, roles, folder):
    cielo24 = {f"cielo24_{name}": value for name, value in accounts.cielo24(sandbox.url).items()}
    # Each task signs in, and then asks for the list.
    sandbox.fault("status", status=403, at=4)
    run = roles.run("job_report", dest=str(folder), formats="json", cielo24_older_than="4d", **cielo24)
    assert run.failure.startswith("Not everything could be read. ")
    assert {row["would_delete"] for row in read(folder)["rows"]} == {None}


def test_job_report_with_a_connection_from_elsewhere_reports_the_listed_services(sandbox, roles, folder):
    play = {"module_defaults": {"group/saasops.jobs.cielo24": accounts.cielo24(sandbox.url)}}
    runs = [{"services": "cielo24", "formats": "csv\njson"}, {"formats": "csv"}]
    listed, none = roles.run_each("job_report", [{"dest": str(folder), **run} for run in runs], play=play)
    assert listed.failure is None
    assert sorted(file.name for file in folder.iterdir()) == ["jobs.csv", "jobs.json"]
    assert {row["service"] for row in read(folder)["rows"]} == {"cielo24"}
    assert none.failure.startswith("Give job_report_services, or how to reach a service, such as ")


def hostile_seed():
    """Captioning jobs and snapshots that try to break out of a report."""
    seed = default_seed()
    newsroom = next(account for account in seed["cielo24"]["accounts"] if account["username"] == "newsroom")
    newsroom["jobs"] = [
        {**newsroom["jobs"][0], "id": caption(f"f{number}"), "name": name} for number, name in enumerate(HOSTILE)
    ]
    billing = next(project for project in seed["mongodb"]["projects"] if project["name"] == "billing")
    for snapshot, name in zip(billing["clusters"][0]["snapshots"], HOSTILE):
        snapshot.update(type="onDemand", description=name)
    return seed


def test_job_report_of_hostile_names_keeps_them_as_text_in_all_formats(sandbox, roles, folder):
    sandbox.reset(hostile_seed())
    run = roles.run("job_report", **variables(sandbox, folder, services=["atlas", "cielo24"]))
    assert run.failure is None
    names = [row["name"] for row in read(folder)["rows"]]
    assert [names.count(name) for name in HOSTILE] == [2, 2, 2, 2, 2, 2, 1]
    with (folder / "jobs.csv").open(newline="", encoding="utf-8") as file:
        cells = [row["name"] for row in csv.DictReader(file)]
    assert [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell] == []
    assert {f"'{HOSTILE[2]}", f"'{HOSTILE[3]}", HOSTILE[0], HOSTILE[5]} <= set(cells)
    lines = (folder / "jobs.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith(("| MongoDB", "| cielo24"))]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in rows[2:]} == {12}
    assert "<" not in re.sub(r"\\<", "", "\n".join(rows))
    page = (folder / "jobs.html").read_text(encoding="utf-8")
    assert [name for name in HOSTILE if "<" in name and name in page] == []
    assert page.count("<script>") == page.count("</script>") == 1
    assert "<img" not in page and ' onmouseover="' not in page
    assert "{{ 7 * 191 }}" in page and "1337" not in page


def test_playbook_report_shows_where_the_files_are_and_hands_on_counts(sandbox, roles, folder, tmp_path):
    given = {f"job_report_{name}": value for name, value in variables(sandbox, folder, formats=["md"]).items()}
    plays = [{"import_playbook": "saasops.jobs.report"}]
    done = Ansible(tmp_path).run_playbook(plays, "-e", json.dumps(given), ANSIBLE_SHOW_CUSTOM_STATS="1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert str(folder / "jobs.md") in done.stdout
    assert re.search(r"Log collection +6 +3 +307 kB", done.stdout)
    assert '"saasops_jobs_report_would_delete": 5' in done.stdout
    assert '"atlas": 25' in done.stdout


# ------------------------------------------------------------------------------------------------ the page in a browser


@pytest.mark.skipif(browser.CHROMIUM is None, reason=browser.MISSING)
def test_job_report_page_in_a_browser_sorts_filters_and_fits_its_window(sandbox, roles, folder, tmp_path):
    sandbox.reset(hostile_seed())
    given = variables(sandbox, folder, services=["log_collection", "cielo24"], formats="html")
    assert roles.run("job_report", **given).failure is None
    page, chromium = folder / "jobs.html", browser.Browser(tmp_path)

    dom = chromium.dom(page, "#sort=age&order=descending&swept=1")
    # The script ran, although the policy of the page allows no other, and nothing of the names did.
    assert "<title>Job report, " in dom
    assert re.search(r'<th[^>]* id="by-age"[^>]* aria-sort="descending"[^>]*><button type="button">Age</button>', dom)
    assert f">3 of {6 + len(HOSTILE)}</output>" in dom
    rows = [row for row in re.findall(r"<tr[^>]*>.*?</tr>", dom) if "<td" in row and "hidden" not in row[:40]]
    assert [re.findall("66f1c0de[0-9a-f]{16}", row)[0] for row in rows] == [job("a6"), job("a1"), job("a5")]

    plain = re.sub("<script>.*</script>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    without_script = tmp_path / "plain.html"
    without_script.write_text(plain, encoding="utf-8")
    assert "<button" not in chromium.dom(without_script)

    for width, dark in ((1280, False), (400, False), (400, True)):
        picture = chromium.screenshot(page, width, 700, dark=dark)
        assert (picture.width, picture.height) == (width, 700)
        assert len(picture.colours()) > 20
        assert (max(picture.colour(2, 2)) < 64) is dark
        # Nothing is cut off at the right: the margin is empty.
        assert len({picture.colour(width - 3, y) for y in range(700)}) == 1

    # Printed, it is a table across the sheet; the cards of a narrow window take ten sheets.
    pdf = chromium.pdf(page)
    (size,) = set(re.findall(rb"/MediaBox ?\[0 0 (\d+)\S* (\d+)", pdf))
    assert int(size[0]) > int(size[1])
    assert len(re.findall(rb"/Type ?/Page\b", pdf)) <= 3

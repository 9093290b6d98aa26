# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin without a network: what it documents, and what it sends."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from ansible.errors import AnsibleError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import inventory_loader
from ansible.utils.display import Display
from ansible_collections.saasops.jobs.plugins.doc_fragments import connections, http_options
from ansible_collections.saasops.jobs.plugins.inventory import projects
from ansible_collections.saasops.jobs.plugins.plugin_utils._inventory_sources import OPTIONS, SOURCES
from ansible_collections.saasops.jobs.tests.unit.support.fake_service import Call, FakeService, Reply

API = "/api/public/v1.0"
PAGE = "pageNum=1&itemsPerPage=500"
A, B = "66f1c0de00000000000000aa", "66f1c0de00000000000000bb"
ORGANIZATION = "66f1c0de00000000000000ee"
CHALLENGE = Reply(401, {}, WWW_Authenticate='Digest realm="r", nonce="n", algorithm=MD5, qop="auth"')
LACKS_RIGHTS = {"errorCode": "NOT_IN_GROUP", "detail": "No.", "error": 401}


def documented():
    options = {}
    for text in (http_options.ModuleDocFragment, connections.ModuleDocFragment):
        options.update(yaml.safe_load(text.DOCUMENTATION)["options"])
    return {**options, **yaml.safe_load(projects.DOCUMENTATION)["options"]}


def test_the_options_of_services_are_documented_as_they_are():
    shown = documented()
    assert shown["service"]["choices"] == list(SOURCES)
    own = {"plugin", "service", "counts", "on_unreadable", "hostname", "host_prefix", "group_prefix", "run_locally"}
    assert set(shown) - own == set(OPTIONS)
    for service, source in SOURCES.items():
        for option, details in source.spec(service).items():
            assert shown[option]["type"] == details["type"], option
            assert shown[option].get("choices") == details.get("choices"), option
            assert set(details.get("aliases", ())) - {"group_id"} == set(shown[option].get("aliases", ())), option


def test_options_say_which_services_have_them():
    for option, text in documented().items():
        services = {service for service, source in SOURCES.items() if option in source.spec(service)}
        description = " ".join(text["description"])
        if option in OPTIONS and services != set(SOURCES):
            for service in SOURCES:
                is_named = f"O(service={service})" in description
                is_negated = re.search(rf"Not for [^.]*O\(service={service}\)", description)
                expected = not is_named if "Not for" in description else is_named and not is_negated
                assert expected == (service in services), option


def test_every_option_of_the_plugin_has_an_example():
    examples = list(yaml.safe_load_all(projects.EXAMPLES))
    used = {option for example in examples for option in example}
    own = set(yaml.safe_load(projects.DOCUMENTATION)["options"])
    assert own - used == {"on_unreadable", "group_prefix", "run_locally", "project_ids", "project_id"}
    assert {example["service"] for example in examples} == set(SOURCES)


@pytest.fixture
def parse(tmp_path):
    def run(**options):
        path = tmp_path / "x.saasops_jobs.yml"
        text = {"plugin": "saasops.jobs.projects", "service": "log_collection", "base_url": "https://om.example.net"}
        path.write_text(json.dumps({**text, "public_key": "pub", "private_key": "priv", "retries": 0, **options}))
        data = InventoryData()
        inventory_loader.get("saasops.jobs.projects").parse(data, DataLoader(), str(path))
        return data

    return run


def listing(*results):
    return Reply(200, {"results": list(results), "totalCount": len(results)})


def jobs_of(project, then):
    return Call(f"GET {API}/groups/{project}/logCollectionJobs?{PAGE}", then)


def test_a_project_costs_one_request(parse):
    made = {"id": A, "status": "FAILURE", "creationDate": "2026-01-01T00:00:00Z"}
    calls = [
        Call(f"GET {API}/groups?{PAGE}", CHALLENGE),
        Call(f"GET {API}/groups?{PAGE}", listing({"id": A, "name": "{{ a }}", "orgId": ORGANIZATION})),
        Call(f"GET {API}/orgs?{PAGE}", listing({"id": ORGANIZATION, "name": "Org"})),
        jobs_of(A, listing(made)),
    ]
    with FakeService(*calls):
        data = parse(max_concurrency=1)
    (host,) = data.hosts.values()
    assert host.name == "___a___"
    assert host.vars["project_id"] == A
    assert host.vars["saasops_jobs_name"] == "{{ a }}"
    assert host.vars["saasops_jobs_states"] == {"FAILURE": 1}
    assert "saasops_organization_Org" in data.groups


def test_the_first_project_may_be_one_without_rights(parse):
    calls = [jobs_of(A, CHALLENGE), jobs_of(A, Reply(401, LACKS_RIGHTS)), jobs_of(B, listing())]
    with FakeService(*calls):
        data = parse(max_concurrency=1, project_ids=[A, B])
    assert [data.hosts[name].vars["saasops_jobs_readable"] for name in (A, B)] == [False, True]
    assert [host.name for host in data.groups["saasops_unreadable"].hosts] == [A]


def test_warnings_hold_nothing_that_a_terminal_would_obey(parse, monkeypatch):
    warnings = []
    monkeypatch.setattr(Display, "warning", lambda _self, text, *_more, **_options: warnings.append(text))
    calls = [
        Call(f"GET {API}/groups?{PAGE}", CHALLENGE),
        Call(f"GET {API}/groups?{PAGE}", listing({"id": A, "name": "\x1b[31mred"})),
        Call(f"GET {API}/orgs?{PAGE}", listing()),
        jobs_of(A, Reply(401, LACKS_RIGHTS)),
    ]
    with FakeService(*calls):
        data = parse(max_concurrency=1)
    assert list(data.hosts) == ["__31mred"]
    assert len(warnings) == 1 and "red cannot be read" in warnings[0] and "\x1b" not in warnings[0]


def test_a_wrong_key_is_tried_once(parse):
    with FakeService(jobs_of(A, CHALLENGE), jobs_of(A, CHALLENGE)), pytest.raises(AnsibleError) as caught:
        parse(max_concurrency=1, project_ids=[A, B])
    assert "Check the API key" in str(caught.value)


def test_misspelt_options_are_refused_before_anything_is_sent(parse):
    with FakeService(), pytest.raises(AnsibleError, match="has no option organisations. Did you mean organizations"):
        parse(organisations=["x"])


def test_only_files_with_its_suffix_are_its_own(tmp_path):
    plugin = inventory_loader.get("saasops.jobs.projects")
    names = ["saasops_jobs.yml", "x.saasops_jobs.yaml", "x-saasops_jobs.yml"]
    for name in [*names, "jobs.yml", "saasops_jobs.json"]:
        Path(tmp_path / name).write_text("x")
        assert plugin.verify_file(str(tmp_path / name)) is (name in names)
    assert plugin.verify_file(str(tmp_path / "missing.saasops_jobs.yml")) is False

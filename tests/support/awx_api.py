# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for the REST API of AWX 24.6, as far as the modules of awx.awx use it to set an AWX up."""

from __future__ import annotations

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import parse_qsl, urlencode, urlsplit

import awx_rules
from awx_rules import ENCRYPTED, Refused

USER, PASSWORD = "admin", "plum-Harbour-41-walnut"
TOKEN = "AWXtokenQ7fLk2VtR9mXcB4nZs8yHd"
_ASKED = ("variables", "credential", "job_type", "diff_mode", "verbosity", "inventory")
_ASKS = {f"ask_{name}_on_launch": False for name in _ASKED}
# {resource: (its type, {field: the value by default})}. Other fields of a request are dropped silently.
RESOURCES = {
    "organizations": ("organization", {"name": "", "description": ""}),
    "credential_types": (
        "credential_type",
        {"name": "", "description": "", "kind": None, "inputs": {}, "injectors": {}, "managed": False},
    ),
    "credentials": (
        "credential",
        {"name": "", "description": "", "organization": None, "credential_type": None, "inputs": {}},
    ),
    "execution_environments": (
        "execution_environment",
        {"name": "", "description": "", "organization": None, "image": "", "credential": None, "pull": ""},
    ),
    "projects": (
        "project",
        {"name": "", "description": "", "organization": None, "scm_type": "", "scm_url": "", "scm_branch": ""}
        | {"local_path": "", "credential": None, "scm_revision": ""},
    ),
    "inventories": (
        "inventory",
        {"name": "", "description": "", "organization": None, "kind": "", "host_filter": None, "variables": ""},
    ),
    "hosts": ("host", {"name": "", "description": "", "inventory": None, "enabled": True, "variables": ""}),
    "job_templates": (
        "job_template",
        {"name": "", "description": "", "job_type": "run", "inventory": None, "project": None, "playbook": ""}
        | {"execution_environment": None, "extra_vars": "", "timeout": 0, "verbosity": 0, "survey_enabled": False}
        | {"allow_simultaneous": False, **_ASKS},
    ),
    "workflow_job_templates": (
        "workflow_job_template",
        {"name": "", "description": "", "organization": None, "inventory": None, "extra_vars": ""}
        | {"survey_enabled": False, "ask_variables_on_launch": False},
    ),
    "workflow_job_template_nodes": (
        "workflow_job_template_node",
        {"identifier": "", "workflow_job_template": None, "unified_job_template": None, "extra_data": {}}
        | {"job_type": None, "all_parents_must_converge": False},
    ),
    "workflow_approval_templates": ("workflow_approval_template", {"name": "", "description": "", "timeout": 0}),
    "schedules": (
        "schedule",
        {"name": "", "description": "", "unified_job_template": None, "rrule": "", "extra_data": {}, "enabled": True},
    ),
}
# In what a name must be unique.
_SCOPES = {"hosts": "inventory", "schedules": "unified_job_template", "credential_types": "kind"}
# {what is below an object: the resources that have it}
_BELOW = {
    "survey_spec": ("job_templates", "workflow_job_templates"),
    "create_approval_template": ("workflow_job_template_nodes",),
    "credentials": ("job_templates",),
    **dict.fromkeys(("success_nodes", "failure_nodes", "always_nodes"), ("workflow_job_template_nodes",)),
}
_NODE_LINKS = ("success_nodes", "failure_nodes", "always_nodes")


class AwxApi:
    """Serves the API at `url` while the context is open.

    objects: {resource: {id: object}}.
    changes: the requests that have changed something, as texts.

    :param playbooks: paths of the playbooks in each project.
    :param page_size: how many objects an answer lists.
    """

    def __init__(self, playbooks, page_size=25):
        self.objects = {resource: {} for resource in RESOURCES}
        self.links = {}
        self.surveys = {}
        self.changes = []
        self._playbooks = playbooks
        self._page_size = page_size
        self._ids = count(1)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self, threading.Lock()))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._create("organizations", {"name": "Default"})
        self._create("organizations", {"name": "Others"})

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_details):
        self._server.shutdown()
        self._server.server_close()

    def named(self, resource):
        """The objects of a resource, by their names."""
        return {item["name"]: item for item in self.objects[resource].values()}

    def survey(self, item):
        """The questions of a template."""
        return self.surveys.get(item["id"], {}).get("spec", [])

    def linked(self, item, name):
        return self.links.get((item["id"], name), [])

    def add(self, resource, **fields):
        """Adds an object that somebody else has made; returns it."""
        return self._create(resource, fields)

    # ------------------------------------------------------------------------------------------------------- requests

    def handle(self, method, target, body, credentials):
        """Returns (status, content)."""
        parts = urlsplit(target)
        path = [part for part in parts.path.split("/") if part][2:]
        if path[0] == "tokens":
            right = credentials == "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
            return (201, {"id": 1, "token": TOKEN}) if right else (401, {"detail": "Invalid username/password."})
        if credentials != f"Bearer {TOKEN}":
            return 401, {"detail": "Authentication credentials were not provided."}
        try:
            status, content = self._route(method, path, dict(parse_qsl(parts.query, keep_blank_values=True)), body)
        except Refused as refusal:
            return 400, refusal.body
        if method != "GET" and status < 400:
            self.changes.append(f"{method} {'/'.join(path)}")
        return status, content

    def _route(self, method, path, query, body):
        resource = path[0]
        if resource == "project_updates":
            return 200, {"id": int(path[1]), "status": "successful"}
        if resource == "unified_job_templates":
            kinds = ("job_templates", "workflow_job_templates", "projects")
            found = [item for kind in kinds for item in self.objects[kind].values()]
            return 200, self._page(path, self._matching(found, query), query)
        if resource not in RESOURCES:
            return 404, {"detail": "Not found."}
        if len(path) == 1 and method == "GET":
            found = self._matching(self.objects[resource].values(), query)
            return 200, self._page(path, [self._shown(resource, item) for item in found], query)
        if len(path) == 1:
            return 201, self._create(resource, body)
        item = self.objects[resource].get(int(path[1]))
        if item is None or len(path) == 3 and resource not in _BELOW.get(path[2], ()):
            return 404, {"detail": "Not found."}
        if len(path) == 2:
            return self._one(method, resource, item, body)
        return self._below(method, path, item, body, query)

    def _matching(self, items, query):
        wanted = {name: value for name, value in query.items() if name not in ("page", "page_size")}
        found = list(items)
        for name in wanted:
            field = name.removeprefix("or__")
            if not any(field in fields or field in ("id", "type") for _type, fields in RESOURCES.values()):
                raise Refused(f"{field} is no field to filter by", "detail")
        any_of = {name.removeprefix("or__"): value for name, value in wanted.items() if name.startswith("or__")}
        all_of = {name: value for name, value in wanted.items() if not name.startswith("or__")}
        if any_of:
            found = [item for item in found if any(str(item.get(name)) == value for name, value in any_of.items())]
        return [item for item in found if all(str(item.get(name)) == value for name, value in all_of.items())]

    def _page(self, path, items, query):
        page = int(query.get("page", 1))
        end = page * self._page_size
        following = f"/api/v2/{'/'.join(path)}/?{urlencode({**query, 'page': page + 1})}" if len(items) > end else None
        shown = items[end - self._page_size : end]
        return {"count": len(items), "next": following, "previous": None, "results": shown}

    def _one(self, method, resource, item, body):
        if method == "DELETE":
            return self._delete(resource, item)
        if method == "PATCH":
            self._check(resource, {**item, **body}, item)
            item.update(self._stored(resource, body, item))
        return 200, self._shown(resource, item)

    def _delete(self, resource, item):
        """With all that AWX removes together with it."""
        used = [each["credential_type"] for each in self.objects["credentials"].values()]
        if resource == "credential_types" and item["id"] in used:
            return 403, {"detail": "Credential types that are in use cannot be deleted"}
        del self.objects[resource][item["id"]]
        owners = {"hosts": "inventory", "schedules": "unified_job_template"}
        owners["workflow_job_template_nodes"] = "workflow_job_template"
        for kind, owner in owners.items():
            for each in [each for each in self.objects[kind].values() if each[owner] == item["id"]]:
                self._delete(kind, each)
        if resource == "workflow_job_template_nodes":
            self.objects["workflow_approval_templates"].pop(item["unified_job_template"], None)
        for ids in self.links.values():
            if item["id"] in ids:
                ids.remove(item["id"])
        return 204, None

    def _below(self, method, path, item, body, query):
        name = path[2]
        if name == "survey_spec":
            if method == "POST":
                awx_rules.check_survey(body)
                self.surveys[item["id"]] = body
            elif method == "DELETE":
                self.surveys.pop(item["id"], None)
            return 200, self.surveys.get(item["id"], {}) if method == "GET" else {}
        if name == "create_approval_template":
            approval = self._create("workflow_approval_templates", body)
            item["unified_job_template"] = approval["id"]
            item["related"]["unified_job_template"] = approval["url"]
            return 201, approval
        ids = self.links.setdefault((item["id"], name), [])
        everything = {number: each for objects in self.objects.values() for number, each in objects.items()}
        if method == "GET":
            return 200, self._page(path, [everything[number] for number in ids], query)
        if body.get("disassociate"):
            ids.remove(body["id"])
        else:
            self._check_link(name, item, everything[body["id"]])
            ids.append(body["id"])
        return 204, None

    def _check_link(self, name, item, other):
        if name == "credentials":
            kinds = [self.objects["credentials"][each]["credential_type"] for each in self.linked(item, name)]
            if other["credential_type"] in kinds:
                kind = self.objects["credential_types"][other["credential_type"]]["name"]
                raise Refused(f"Cannot assign multiple {kind} credentials.", "error")
        if name in _NODE_LINKS and item["id"] in self._followers(other["id"]):
            raise Refused("Cycle detected.", "Error")

    def _followers(self, node):
        following = [each for name in _NODE_LINKS for each in self.links.get((node, name), [])]
        return {node, *(further for each in following for further in self._followers(each))}

    # -------------------------------------------------------------------------------------------------------- objects

    def _create(self, resource, body):
        self._check(resource, body, None)
        kind, defaults = RESOURCES[resource]
        number = next(self._ids)
        url = f"/api/v2/{resource}/{number}/"
        item = {"id": number, "type": kind, "url": url, **defaults, "summary_fields": {}}
        item["related"] = {"survey_spec": f"{url}survey_spec/", "update": f"{url}update/"}
        item.update(self._stored(resource, body, item))
        if resource == "projects" and item["scm_type"]:
            item["summary_fields"] = {"current_update": {"id": number}}
        self.objects[resource][number] = item
        return self._shown(resource, item)

    def _stored(self, resource, body, item):
        fields = RESOURCES[resource][1]
        kept = {name: value for name, value in body.items() if name in fields and (name, value) != ("kind", None)}
        if resource == "job_templates":
            # It belongs to the organization of its project.
            project = self.objects["projects"][body.get("project", item["project"])]
            kept["organization"] = project["organization"]
        if "inputs" in kept and resource == "credentials":
            old = item["inputs"]
            inputs = {name: "" if value is None else value for name, value in kept["inputs"].items()}
            kept["inputs"] = {name: old.get(name) if text == ENCRYPTED else text for name, text in inputs.items()}
        return kept

    def _shown(self, resource, item):
        if resource != "credentials":
            return item
        kind = self.objects["credential_types"][item["credential_type"]]
        secret = {field["id"] for field in kind["inputs"]["fields"] if field.get("secret")}
        inputs = {name: ENCRYPTED if name in secret and text else text for name, text in item["inputs"].items()}
        return {**item, "inputs": inputs}

    def _check(self, resource, body, old):
        self._check_name(resource, body, old)
        awx_rules.check_variables(body)
        if resource == "credential_types":
            awx_rules.check_credential_type(body)
        elif resource == "credentials":
            awx_rules.check_credential(body, self.objects["credential_types"][body["credential_type"]], old is None)
        elif resource == "job_templates":
            known = self._playbooks if body.get("project") in self.objects["projects"] else None
            awx_rules.check_job_template(body, known)
        elif resource in ("workflow_job_template_nodes", "schedules"):
            template = self.objects["job_templates"].get(body.get("unified_job_template"))
            template = template or self.objects["workflow_job_templates"].get(body.get("unified_job_template"), {})
            if body.get("job_type") and not template.get("ask_job_type_on_launch"):
                raise Refused("Field is not configured to prompt on launch.", "job_type")
            spec = self.surveys.get(template.get("id"), {})
            must_answer = resource == "schedules"
            awx_rules.check_launch_variables(template, spec, body.get("extra_data") or {}, must_answer)

    def _check_name(self, resource, body, old):
        key, scope = "name", _SCOPES.get(resource, "organization")
        if resource == "workflow_job_template_nodes":
            key, scope = "identifier", "workflow_job_template"
        own = {**(old or {}), **body}
        if resource == "job_templates":
            own["organization"] = self.objects["projects"].get(own.get("project"), {}).get("organization")
        for number, other in self.objects[resource].items():
            same = all(other.get(name) == own.get(name) for name in (key, scope))
            if same and (old is None or number != old["id"]):
                raise Refused(f"{RESOURCES[resource][0]} with this {key} and {scope} already exists.")


def _handler(api, lock):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self):
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "{}")
            with lock:
                status, content = api.handle(self.command, self.path, body, self.headers.get("Authorization"))
                data = b"" if content is None else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.send_header("X-API-Product-Name", "AWX")
            self.send_header("X-API-Product-Version", "24.6.2")
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = do_DELETE = _answer

        def log_message(self, *_arguments):
            pass

    return Handler

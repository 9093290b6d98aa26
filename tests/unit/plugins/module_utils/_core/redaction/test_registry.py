# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import json

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.redaction import registry

SECRET = 'a"b/c+d e=\u00fc'


def test_every_spelling_of_a_secret_is_marked_once():
    context = TaskContext()
    vault = registry.SecretRegistry(context)
    vault.keep(SECRET, None, "", SECRET)
    assert len(context.secrets) == len(set(context.secrets))
    assert {
        SECRET,
        base64.b64encode(SECRET.encode()).decode(),
        "a%22b%2Fc%2Bd%20e%3D%C3%BC",
        "a%22b%2Fc%2Bd+e%3D%C3%BC",
        'a\\"b/c+d e=\u00fc',
        'a\\"b/c+d e=\\u00fc',
    } <= set(context.secrets)


def test_every_spelling_of_a_secret_is_scrubbed():
    vault = registry.SecretRegistry(TaskContext())
    vault.keep(SECRET, "short")
    for form in registry.forms(SECRET):
        assert vault.scrub(f"<{form}>") == "<(hidden)>"
    assert vault.scrub("shortly") == "(hidden)ly"


def test_a_secret_in_the_repr_of_a_dictionary_is_scrubbed():
    secret = "back\\slash"
    vault = registry.SecretRegistry(TaskContext())
    vault.keep(secret)
    assert vault.scrub(str({"password": secret})) == "{'password': '(hidden)'}"


def test_half_a_surrogate_pair_in_a_secret_does_no_harm():
    vault = registry.SecretRegistry(TaskContext())
    vault.keep("s3cret \ud83c")
    assert vault.scrub("<s3cret \ud83c>") == "<(hidden)>"


def test_longer_secrets_are_scrubbed_before_parts_of_them():
    vault = registry.SecretRegistry(TaskContext())
    vault.keep("abc", "abcdef")
    assert vault.scrub("abcdef") == "(hidden)"


def test_both_kinds_of_masking_get_a_secret(monkeypatch):
    registered, no_log_values = [], set()
    monkeypatch.setattr(registry, "register_secret", registered.append)
    registry.mark("s3cret", no_log_values)
    assert (registered, no_log_values) == (["s3cret"], {"s3cret"})


def test_masking_works_without_register_secret(monkeypatch):
    no_log_values = set()
    monkeypatch.setattr(registry, "register_secret", None)
    registry.mark("s3cret", no_log_values)
    assert no_log_values == {"s3cret"}


@pytest.mark.parametrize("place", [{"msg": f"bad {SECRET}!"}, {"jobs": [{"name": SECRET}]}, {"deep": {"a": [SECRET]}}])
def test_secrets_in_a_result_are_hidden_where_ansible_does_not_mask_them(monkeypatch, place):
    monkeypatch.setattr(registry, "register_secret", None)
    result = {"changed": True, "failed": False, "error": None, "summary": {"requested": 1}, **place}
    hidden = json.loads(registry.hidden_json(result, {SECRET, "True", "None"}))
    assert SECRET not in str(hidden)
    assert (hidden["changed"], hidden["failed"], hidden["error"]) == (True, False, None)


def test_a_result_without_secrets_is_left_alone(monkeypatch):
    monkeypatch.setattr(registry, "register_secret", None)
    result = {"changed": True, "jobs": [{"name": "harmless"}]}
    monkeypatch.setattr(registry, "remove_values", None)
    assert json.loads(registry.hidden_json(result, {SECRET})) == result

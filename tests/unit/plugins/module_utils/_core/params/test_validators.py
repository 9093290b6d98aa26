# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.saasops.jobs.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import validators
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.placeholders import placeholder

HEX = "66f1c0de00000000000000a1"


@pytest.mark.parametrize("value", [HEX, HEX.upper()])
def test_a_valid_id_is_returned_unchanged(value):
    assert validators.identifier("job_ids", value, validators.HEX_24) == value


@pytest.mark.parametrize(
    "value",
    [
        "",
        None,
        HEX[:-1],
        HEX + "0",
        HEX[:-1] + "g",
        " " + HEX[1:],
        HEX[:-1] + "\n",
        HEX + "\n",
        "../" + HEX[3:],
        HEX[:-1] + "?",
        HEX[:-2] + "%2",
        "\u0666" * 24,
        "\uff16" * 24,
        # "\u212a" (Kelvin) becomes an ASCII letter in lower case.
        HEX[:-1] + "\u212a",
    ],
)
def test_a_malformed_id_is_refused(value):
    with pytest.raises(InvalidInput, match="job_ids: .* is not a valid id; it must be 24 hexadecimal digits"):
        validators.identifier("job_ids", value, validators.HEX_24)


def test_a_placeholder_is_accepted_in_check_mode_only():
    value = placeholder("job", "a")
    assert validators.identifiers("job_ids", [HEX, value], validators.HEX_24, check_mode=True) == [HEX, value]
    with pytest.raises(InvalidInput, match="is a placeholder id from check mode"):
        validators.identifiers("job_ids", [HEX, value], validators.HEX_24)


@pytest.mark.parametrize(
    "value", [None, "", "to-be-created-", "to-be-created-" + "0" * 23, "to-be-created-" + "G" * 24, "None"]
)
def test_a_value_that_resembles_a_placeholder_is_refused_even_in_check_mode(value):
    with pytest.raises(InvalidInput, match="not a valid id"):
        validators.identifier("job_id", value, validators.HEX_24, check_mode=True)


def test_equal_items_have_equal_placeholders_and_others_have_others():
    assert placeholder("job", "a", {"x": 1, "y": 2}) == placeholder("job", "a", {"y": 2, "x": 1})
    assert len({placeholder("job", "a"), placeholder("job", "b"), placeholder("jobs", "a"), placeholder()}) == 4


def test_an_empty_list_is_refused_unless_it_means_something():
    assert validators.identifiers("job_ids", [], validators.HEX_24, may_be_empty=True) == []
    assert validators.names("log_stream_names", [], 64, may_be_empty=True) == []
    assert validators.texts("external_ids", [], 64, may_be_empty=True) == []
    for check in (validators.names, validators.texts):
        with pytest.raises(InvalidInput, match="is empty"):
            check("names", [], 64)


@pytest.mark.parametrize("value", ["x" * 36, "11111111-aaaa-4000-8000-00000000000", "11111111aaaa40008000000000000001"])
def test_a_malformed_uuid_is_refused(value):
    with pytest.raises(InvalidInput):
        validators.identifier("log_group_id", value, validators.UUID)


def test_duplicate_ids_are_refused_whatever_their_case():
    assert validators.identifiers("job_ids", [HEX.upper()], validators.HEX_24) == [HEX.upper()]
    with pytest.raises(InvalidInput, match="empty"):
        validators.identifiers("job_ids", [], validators.HEX_24)
    with pytest.raises(InvalidInput, match="twice, at positions 1 and 3"):
        validators.identifiers("job_ids", [HEX, HEX[:-1] + "2", HEX.upper()], validators.HEX_24)


@pytest.mark.parametrize("value", ["", "a b", "a/b", "n\u00e4me", "x" * 65, "a?", "*"])
def test_a_malformed_name_is_refused(value):
    with pytest.raises(InvalidInput):
        validators.names("log_stream_names", [value], 64)


@pytest.mark.parametrize(
    "value, url",
    [
        ("https://om.example", "https://om.example"),
        ("https://OM.example:8443/", "https://om.example:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
    ],
)
def test_a_base_url_is_reduced_to_scheme_host_and_port(value, url):
    assert validators.base_url("base_url", value) == url


@pytest.mark.parametrize(
    "value, words",
    [
        ("om.example", "not a valid address"),
        ("", "not a valid address"),
        ("ftp://om.example", "not a valid address"),
        ("https://", "not a valid address"),
        ("https://om.example:99999", "not a valid address"),
        ("https://om.example:x", "not a valid address"),
        ("https://om example", "not a valid address"),
        ("http://.", "not a valid address"),
        ("http://a..b", "not a valid address"),
        ("https://\u00f6m.example", "not a valid address"),
        ("https://[::1", "not a valid address"),
        ("https://om.example/api/public/v1.0", "must end after host and port"),
        ("https://om.example?x=1", "must end after host and port"),
        ("https://om.example#x", "must end after host and port"),
        ("https://user:hunter2secret@om.example", "holds credentials"),
    ],
)
def test_a_malformed_base_url_is_refused_without_showing_it(value, words):
    with pytest.raises(InvalidInput, match=words) as caught:
        validators.base_url("base_url", value)
    assert "hunter2secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url, expected",
    [
        ("http://om.example:8080", True),
        ("http://10.0.0.1", True),
        ("http://localhost.example", True),
        ("http://127.0.0.1:8080", False),
        ("http://127.1.2.3", False),
        ("http://[::1]:80", False),
        ("http://localhost:80", False),
        ("https://om.example", False),
    ],
)
def test_only_plain_http_to_another_machine_is_cleartext(url, expected):
    assert validators.is_cleartext(url) is expected


@pytest.mark.parametrize("value", ["", None, " x", "x ", "a\nb", "a\rb", "a\x00b", "a\x7fb"])
def test_a_malformed_secret_is_refused_without_showing_it(value):
    with pytest.raises(InvalidInput) as caught:
        validators.secret("private_key", value)
    assert not value or value not in str(caught.value)


@pytest.mark.parametrize("value", ["a b", "t\u00f6ken"])
def test_a_malformed_token_is_refused(value):
    with pytest.raises(InvalidInput):
        validators.token("auth_token", value)

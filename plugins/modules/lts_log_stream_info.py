#!/usr/bin/python
# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lts_log_stream_info
short_description: List log streams of the Log Tank Service
version_added: 0.1.0
description:
  - Lists the log streams in a log group of the Log Tank Service (LTS) of Open Telekom Cloud or Huawei Cloud, either
    all of them or those with the given IDs or names.
  - If several filters are set, only streams that match all of them are listed.
  - If the log group does not exist, the list is empty, and the module warns about it.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes.info
  - saasops.jobs.lts
  - saasops.jobs.lts.group
  - saasops.jobs.http_options
  - saasops.jobs.listing
  - saasops.jobs.created
options:
  log_stream_ids:
    description:
      - IDs of the log streams. If neither this nor O(log_stream_names) is set, all streams of the group are listed.
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    aliases: [log_stream_id]
  log_stream_names:
    description:
      - Names of the log streams. Set at most one of O(log_stream_ids) and O(log_stream_names).
      - Also accepts a string with commas, spaces or line breaks between the items.
    type: list
    elements: str
    aliases: [log_stream_name]
  name_pattern:
    description:
      - Return only streams whose names match this pattern. V(*) matches any number of characters, and V(?) matches
        one. The pattern must match the whole name, and is case-sensitive.
    type: str
  fields:
    description:
      - Return only these fields of each log stream, and its C(id). If not set, all fields are returned.
      - The filters can still use all fields.
    type: list
    elements: str
    choices:
      - log_stream_id
      - log_stream_name
      - log_stream_name_alias
      - log_group_id
      - creation_time
      - ttl_in_days
      - filter_count
      - tag
      - is_favorite
      - whether_log_storage
      - hot_cold_separation
      - hot_storage_days
      - auth_web_tracking
seealso:
  - module: saasops.jobs.lts_log_stream
  - name: Querying All Log Streams in a Specified Log Group
    description: API reference.
    link: https://docs.otc.t-systems.com/log-tank-service/api-ref/apis/log_stream_management/index.html
"""

EXAMPLES = r"""
- name: Find the worker streams that are older than 30 days
  saasops.jobs.lts_log_stream_info:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    log_group_name: app
    name_pattern: "work*"
    older_than: 30d
  register: old

- name: Delete them
  saasops.jobs.lts_log_stream:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    log_group_name: app
    log_stream_ids: "{{ old.log_streams | map(attribute='id') }}"
    state: absent
  when: old.log_streams | length > 0

- name: Show how long some streams keep logs
  saasops.jobs.lts_log_stream_info:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    log_group_id: 11111111-aaaa-4000-8000-000000000001
    log_stream_names:
      - nginx
      - api
    fields: [ttl_in_days]

- name: Find a stream by its ID, if it was created in a certain period
  saasops.jobs.lts_log_stream_info:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    log_group_name: app
    log_stream_id: 22222222-aaaa-4000-8000-000000000001
    created_after: "2021-01-01"
    created_before: "2026-01-01T00:00:00Z"
    newer_than: 500w

- name: Find the three newest log streams
  saasops.jobs.lts_log_stream_info:
    endpoint: https://lts.eu-de.otc.t-systems.com
    project_id: 0123456789abcdef0123456789abcdef
    auth_token: "{{ otc_token }}"
    log_group_name: app
    sort_by: creation_time
    reverse: true
    limit: 3
"""

RETURN = r"""
log_streams:
  description:
    - The log streams, in the order of O(log_stream_ids) or O(log_stream_names) if set, or else in the order of the
      service.
    - Fields that are not listed here come from the service; see its API reference.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the log stream.
      type: str
      returned: always
    log_stream_id:
      description: ID of the log stream.
      type: str
      returned: always
    log_stream_name:
      description: Name of the log stream.
      type: str
      returned: always
    log_group_id:
      description: ID of the log group.
      type: str
      returned: always
    creation_time:
      description: When the stream was created, in milliseconds since 1970.
      type: int
      returned: always
    ttl_in_days:
      description: Number of days for which logs are kept.
      type: int
      returned: if the service returns it
    filter_count:
      description: Number of filters.
      type: int
      returned: if the service returns it
    tag:
      description: Tags of the stream.
      type: dict
      returned: if the service returns it
  sample:
    - id: 22222222-aaaa-4000-8000-000000000001
      log_stream_id: 22222222-aaaa-4000-8000-000000000001
      log_stream_name: nginx
      log_group_id: 11111111-aaaa-4000-8000-000000000001
      creation_time: 1630549842955
      filter_count: 0
      ttl_in_days: 7
total:
  description: Number of log streams before filtering.
  returned: success
  type: int
  sample: 12
matched:
  description: Number of log streams that match the filters, before O(limit).
  returned: success
  type: int
  sample: 6
missing:
  description: Those of O(log_stream_ids) or O(log_stream_names) that do not exist.
  returned: success
  type: list
  elements: str
  sample: []
error:
  description: The error. C(status) is the HTTP status, and C(code) is the error code of the service.
  returned: on failure
  type: dict
"""

from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec, timestamps, wildcards
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.constraints import Constraints
from ansible_collections.saasops.jobs.plugins.module_utils._core.params.raw_arguments import SELECTOR
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile.listing import Extract, ListSource, listing
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts import (
    api,
    groups,
    selection,
    streams,
)
from ansible_collections.saasops.jobs.plugins.module_utils._services.lts.auth.options import OPTIONS

ARGUMENT_SPEC = {
    **OPTIONS,
    **groups.PARENT_OPTIONS,
    **argspec.HTTP,
    **argspec.CREATED,
    **argspec.listing(streams.FIELDS),
    **streams.SELECTION_OPTIONS,
    "name_pattern": {"type": "str", **SELECTOR},
}

CONSTRAINTS = Constraints(mutually_exclusive=[("log_stream_ids", "log_stream_names")])


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Lists log streams, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    extract = Extract.from_params(params, streams.FIELDS)
    window = timestamps.TimeWindow(params, context.clock.present())
    selected = selection.read_selection("log_stream", params, context)
    fits_name = wildcards.wildcard(params["name_pattern"])
    group = groups.ParentGroup(api.Lts(params, settings, context), params, context)
    field = selected.field if selected else "log_stream_name"
    source = ListSource(
        "log_streams",
        find=lambda keys: selection.pick(group.streams(), field, keys),
        list_all=group.streams,
        matches=lambda stream: fits_name(stream["log_stream_name"]) and window.holds(stream, selection.created),
        fields=streams.fields,
    )
    return listing(source, selected.keys if selected else None, extract, context)


def main() -> None:
    run_module(ARGUMENT_SPEC, task, CONSTRAINTS)


if __name__ == "__main__":
    main()

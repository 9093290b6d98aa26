#!/usr/bin/python
# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cielo24_caption
short_description: Download captions from cielo24
version_added: 0.1.0
description:
  - Fetches the captions of cielo24 captioning jobs into files.
  - The module also requests the captions in check mode, to find out whether the files would change.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes
  - saasops.jobs.cielo24
  - saasops.jobs.http_options
  - saasops.jobs.report
  - saasops.jobs.file_attributes
  - ansible.builtin.files
options:
  job_ids:
    description:
      - IDs of the jobs, 32 hexadecimal digits each. Set exactly one of O(job_ids) and O(external_ids).
      - A job that does not exist, or has no caption yet, is an error.
      - Each job is processed on its own. If some jobs fail, the task still processes the others. It then fails, and
        RV(jobs) has the result of each job.
      - Also accepts a string with commas, spaces or line breaks between the items.
      - In check mode, a caption that is not ready yet only causes a warning, as an earlier task may wait for it.
    type: list
    elements: str
    aliases: [job_id]
  external_ids:
    description:
      - IDs of the jobs in your own system. If several jobs have the same ID, this is an error for that ID; set
        O(job_ids) to the ID of the job you mean.
      - In check mode, a job that does not exist only causes a warning, as an earlier task may order it.
      - Also accepts a string with commas or line breaks between the items.
    type: list
    elements: str
    aliases: [external_id]
  sub_account:
    description:
      - Name of the sub-account that the jobs belong to. O(external_ids) finds only jobs in this sub-account. If not
        set, it finds jobs in the account that signs in. V(*) stands for this account and all its sub-accounts.
      - Valid only with O(external_ids).
    type: str
  dest:
    description:
      - File or folder to save the caption to. Several jobs need a folder. The module creates the folder if the path
        ends with C(/), or if there are several jobs. Files in the folder are named after the job IDs, also with
        O(external_ids).
      - The file is replaced in one step. If it already has the right content, it is not replaced.
      - If the file is a symbolic link that belongs to root or to the user who runs the task, the target of the link is
        replaced. A link that belongs to another user is not followed; the link itself is replaced.
    type: path
    required: true
  caption_format:
    description:
      - Format of the captions.
    type: str
    required: true
    choices: [DFXP, ECHO, QT, SAMI, SBV, SCC, SRT, TPM, TRANSCRIPT, TWX, WEB_VTT]
  options:
    description:
      - Further options of the captions, for example C(caption_words_min) or C(remove_disfluencies). The API reference
        documents their names and values.
    type: dict
seealso:
  - module: saasops.jobs.cielo24_job
  - name: Get Caption
    description: API reference.
    link: https://cielo24.readthedocs.io/en/latest/job_control/get_caption.html
"""

EXAMPLES = r"""
- name: Fetch the captions of a job
  saasops.jobs.cielo24_caption:
    username: newsroom
    password: "{{ cielo24_password }}"
    job_id: c24000000000000000000000000000a4
    caption_format: SRT
    dest: /tmp/news.srt
    mode: "0640"
    owner: editor
    group: editor

- name: Fetch the captions of jobs into a folder
  saasops.jobs.cielo24_caption:
    username: newsroom
    password: "{{ cielo24_password }}"
    job_ids: [c24000000000000000000000000000a4]
    caption_format: WEB_VTT
    options:
      remove_disfluencies: true
    dest: /tmp/captions/

- name: Fetch the captions of the shows of a sub-account, by their IDs in your own system
  saasops.jobs.cielo24_caption:
    username: newsroom
    password: "{{ cielo24_password }}"
    external_ids: [archive-1]
    sub_account: newsroom-archive
    caption_format: SRT
    dest: /tmp/archive/
"""

RETURN = r"""
jobs:
  description: The jobs, in the order of O(job_ids) or O(external_ids).
  returned: once the captions have been looked up
  type: list
  elements: dict
  contains:
    id:
      description:
        - ID of the job, or V(null) if no single job has that external ID.
        - In check mode, the ID of a job that does not exist yet begins with C(to-be-created-).
      type: str
      returned: always
    ExternalID:
      description: ID of the job in your own system.
      type: str
      returned: if O(external_ids) is set
    action:
      description:
        - What the task did, or would do in check mode.
        - V(set_mode) changed only the permissions of a file. V(set_attributes) changed its owner, group, SELinux
          context or flags, with or without its permissions.
      type: str
      choices: [download, set_mode, set_attributes, none]
      returned: always
    changed:
      description: Whether the task changed the file, or would change it in check mode.
      type: bool
      returned: always
    error:
      description: Why the job failed. Has the same fields as RV(error).
      type: dict
      returned: if the job failed
    files:
      description: The file.
      type: list
      elements: dict
      returned: always
      contains:
        dest:
          description: Path of the file.
          type: str
          returned: always
        size:
          description: Size of the file in bytes.
          type: int
          returned: always
        mode:
          description: Permissions of the file.
          type: str
          returned: always
        owner:
          description: Name of the user who owns the file, or the ID if there is no name.
          type: str
          returned: if O(owner) is set
        group:
          description: Name of the group of the file, or the ID if there is no name.
          type: str
          returned: if O(group) is set
        secontext:
          description: SELinux context of the file. V(null) where SELinux is off, and in check mode for a new file.
          type: str
          returned: if O(seuser), O(serole), O(setype) or O(selevel) is set
        attributes:
          description: Flags of the file as letters of C(lsattr). In check mode, V(null) for a new file.
          type: str
          returned: if O(attributes) is set
  sample:
    - id: c24000000000000000000000000000a4
      action: download
      changed: true
      files:
        - dest: /tmp/news.srt
          size: 512
          mode: "0600"
files:
  description:
    - The paths of the files, by job ID, for each job in RV(jobs) that did not fail.
    - In check mode, these are the paths that the task would write to.
  returned: once the captions have been looked up
  type: dict
  sample: {c24000000000000000000000000000a4: [/tmp/news.srt]}
summary:
  description: Number of jobs that were requested, changed, left unchanged, and failed.
  returned: once the captions have been looked up
  type: dict
  sample: {requested: 2, changed: 1, unchanged: 1, failed: 0}
diff:
  description: The files before and after the task, by the ID in the task.
  returned: in diff mode
  type: dict
error:
  description: The first error. C(status) is the HTTP status, and C(code) is the error code of the service.
  returned: on failure
  type: dict
  sample:
    status: 400
    code: BAD_API_TOKEN
    message: Bad API token
    request_id: null
    method: GET
    path: /api/job/get_caption
"""

from typing import Any

from ansible_collections.saasops.jobs.plugins.module_utils._core.context import TaskContext
from ansible_collections.saasops.jobs.plugins.module_utils._core.files.destination import Destination
from ansible_collections.saasops.jobs.plugins.module_utils._core.http.settings import HttpSettings
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile import engine, report
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24 import output_selection
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.account import OPTIONS, Account
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.outputs import FORMATS, Output

ARGUMENT_SPEC = {
    **OPTIONS,
    **argspec.HTTP,
    **argspec.REPORT,
    **argspec.DESTINATION,
    **output_selection.OPTIONS,
    "caption_format": {"type": "str", "required": True, "choices": list(FORMATS)},
    "options": {"type": "dict"},
}
CONSTRAINTS = output_selection.CONSTRAINTS


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Fetches captions, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    jobs = output_selection.OutputSelection(params, context)
    output = Output.caption(params["caption_format"], params["options"])
    destination = Destination(params, len(jobs.keys), context)
    reconciler = jobs.reconciler(Account(params, settings, context), output, destination, context, settings)
    items = engine.reconcile(reconciler, jobs.keys, context, settings)
    return report.report(reconciler, items, context, params["report"])


def main() -> None:
    run_module(ARGUMENT_SPEC, task, CONSTRAINTS)


if __name__ == "__main__":
    main()

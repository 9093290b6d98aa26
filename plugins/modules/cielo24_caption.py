#!/usr/bin/python
# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cielo24_caption
short_description: Fetch captions of cielo24
version_added: 0.1.0
description:
  - Fetches the captions of captioning jobs of cielo24 into files.
  - The captions are requested in check mode as well, to see whether the files would change.
author:
  - saasops.jobs contributors (@saasops)
extends_documentation_fragment:
  - saasops.jobs.attributes
  - saasops.jobs.cielo24
  - saasops.jobs.http_options
  - saasops.jobs.report
options:
  job_ids:
    description:
      - Ids of the jobs, 32 hexadecimal digits each. It is an error if a job does not exist, or has no caption yet.
      - Each job is handled on its own. If some fail, the others are still handled, and the task fails with the result
        of each job in RV(jobs).
      - A text with commas, blanks or line breaks is read as a list.
      - In check mode, a caption that is not ready yet is a warning, as an earlier task may wait for it.
    type: list
    elements: str
    required: true
    aliases: [job_id]
  dest:
    description:
      - File or folder for the caption. Several jobs need a folder. The folder is created if there are several jobs, or
        if its path ends with C(/). Its files are named after the jobs.
      - A file is replaced in one step. If it has the right content already, it is not touched.
      - If the file is a symbolic link that belongs to root or to the user who runs the task, its target is replaced. A
        link of any other user is not followed, but replaced itself.
    type: path
    required: true
  mode:
    description:
      - Permissions of the file, as text in octal digits. Without this option, a new or changed file gets V(0600), and a
        file that has the right content already keeps its permissions.
      - If the file system does not keep these permissions, the task fails. Without this option, a warning says which
        permissions the file has instead.
    type: raw
  caption_format:
    description:
      - Format of the captions.
    type: str
    required: true
    choices: [DFXP, ECHO, QT, SAMI, SBV, SCC, SRT, TPM, TRANSCRIPT, TWX, WEB_VTT]
  options:
    description:
      - Further options of the captions, with the names and values that the API reference documents, for
        example C(caption_words_min) or C(remove_disfluencies).
    type: dict
seealso:
  - module: saasops.jobs.cielo24_job
  - name: Get Caption
    description: Reference of the API.
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

- name: Fetch the captions of jobs into a folder
  saasops.jobs.cielo24_caption:
    username: newsroom
    password: "{{ cielo24_password }}"
    job_ids: [c24000000000000000000000000000a4]
    caption_format: WEB_VTT
    options:
      remove_disfluencies: true
    dest: /tmp/captions/
"""

RETURN = r"""
jobs:
  description: The jobs, in the order of O(job_ids).
  returned: once the captions have been looked up
  type: list
  elements: dict
  contains:
    id:
      description: Id of the job.
      type: str
      returned: always
    action:
      description: What was done, or would be done in check mode.
      type: str
      choices: [download, set_mode, none]
      returned: always
    changed:
      description: Whether this task changed the file, or would change it in check mode.
      type: bool
      returned: always
    error:
      description: Why this job failed, in the form of RV(error).
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
          description: Its size in bytes.
          type: int
          returned: always
        mode:
          description: Its permissions.
          type: str
          returned: always
  sample:
    - id: c24000000000000000000000000000a4
      action: download
      changed: true
      files:
        - dest: /tmp/news.srt
          size: 512
          mode: "0600"
summary:
  description: How many jobs were requested, changed, left unchanged, and failed.
  returned: once the captions have been looked up
  type: dict
  sample: {requested: 2, changed: 1, unchanged: 1, failed: 0}
diff:
  description: The files before and after, by the ids of their jobs.
  returned: in diff mode
  type: dict
error:
  description: The first error. C(status) is the HTTP status, C(code) the service's own code.
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
from ansible_collections.saasops.jobs.plugins.module_utils._core.params import argspec, validators
from ansible_collections.saasops.jobs.plugins.module_utils._core.reconcile import engine, report
from ansible_collections.saasops.jobs.plugins.module_utils._run_module import run_module
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.account import OPTIONS, Account
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.output_files import OutputReconciler
from ansible_collections.saasops.jobs.plugins.module_utils._services.cielo24.outputs import FORMATS, Output

ARGUMENT_SPEC = {
    **OPTIONS,
    **argspec.HTTP,
    **argspec.REPORT,
    **argspec.DESTINATION,
    "job_ids": {"type": "list", "elements": "str", "required": True, "aliases": ["job_id"]},
    "caption_format": {"type": "str", "required": True, "choices": list(FORMATS)},
    "options": {"type": "dict"},
}


def task(params: dict[str, Any], context: TaskContext) -> dict[str, Any]:
    """Fetches captions, see DOCUMENTATION."""
    settings = HttpSettings.from_params(params)
    job_ids = argspec.ids("job_ids", params, validators.HEX_32, check_mode=context.check_mode) or []
    output = Output.caption(params["caption_format"], params["options"])
    destination = Destination(params, len(job_ids))
    account = Account(params, settings, context)
    reconciler = OutputReconciler(account, output, destination, context, settings)
    items = engine.reconcile(reconciler, job_ids, context, settings)
    return report.report(reconciler, items, context, params["report"])


def main() -> None:
    run_module(ARGUMENT_SPEC, task)


if __name__ == "__main__":
    main()

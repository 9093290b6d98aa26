# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection options for cielo24, and the options of an order."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  base_url:
    description:
      - Scheme, host and port of cielo24, without a path. The sandbox is at V(https://sandbox.cielo24.com).
      - If not set, the value of E(CIELO24_BASE_URL) is used.
    type: str
    default: https://api.cielo24.com
  api_token:
    description:
      - Token from an earlier login. It expires after an hour without use.
      - Set exactly one of O(api_token), O(username) with O(password), and O(username) with O(api_key). When a token
        has expired, the module can get a new one only with the last two.
      - Credentials in the task take precedence over the environment. If the environment has several, the first one in
        this order is used.
      - If not set, the value of E(CIELO24_API_TOKEN) is used.
    type: str
  username:
    description:
      - Name of the account.
      - If not set, the value of E(CIELO24_USERNAME) is used.
    type: str
  password:
    description:
      - Password of the account.
      - If not set, the value of E(CIELO24_PASSWORD) is used.
    type: str
  api_key:
    description:
      - Long-lived API key of the account. The service also calls it C(securekey).
      - If not set, the value of E(CIELO24_API_KEY) is used.
    type: str
attributes:
  action_group:
    description: Use C(group/saasops.jobs.cielo24) or C(group/saasops.jobs.all) in C(module_defaults) to set defaults.
    support: full
    membership:
      - saasops.jobs.all
      - saasops.jobs.cielo24
"""

    ORDER = r"""
options:
  job_name:
    description:
      - Name of the job. If not set, the service makes up a name.
    type: str
  language:
    description:
      - Language of the media, as a code that the service uses. If not set, the service assumes V(en).
    type: str
  sub_account:
    description:
      - Name of the sub-account that the job belongs to.
      - O(external_ids), O(job_name) and O(name_pattern) find only jobs in this sub-account. If not set, they find jobs
        in the account that signs in.
      - With O(state=absent), V(*) stands for the account that signs in and all its sub-accounts.
    type: str
  requestor:
    description:
      - Who requests the job.
    type: str
  reference:
    description:
      - Note for invoices.
    type: str
  expected_speakers:
    description:
      - Expected number of speakers.
    type: int
  media_url:
    description:
      - URL that the service fetches the media from.
      - Passwords, tokens and signatures in the URL are not shown. Neither are parts of its path that look like tokens
        (20 characters or more). When the URL is compared with the media of a job, passwords and signatures do not
        count.
    type: str
  media_path:
    description:
      - File with the media to upload, at most 10 GB. It must be on the host where the module runs.
      - The service does not show that it has the file until it has examined the file. The content is not compared.
    type: path
  media_is_duplicate:
    description:
      - Whether O(media_url) can be a URL that another job has used.
    type: bool
    default: false
  external_id_is_duplicate:
    description:
      - Whether a new job can have an ID in O(external_ids) that another job has had, for example a deleted job.
    type: bool
    default: false
  transcription:
    description:
      - Transcription to order. Because it costs money, the module does not send the order again if the response is
        lost.
      - While a job waits for authorization, its fidelity, priority, turnaround and callback can be changed.
      - A job that was ordered earlier may not show everything that is requested. The module warns about what the job
        does not show, and does not authorize the job unless it can set the option in question again.
      - Before the module authorizes an order, it looks up the job again. If the job is not as it was ordered, the
        module does not authorize it, and the task fails.
    type: dict
    suboptions:
      fidelity:
        description:
          - Quality of the transcription. Jobs show V(PREMIUM) as V(STANDARD), and V(PROFESSIONAL) as V(HIGH).
        type: str
        required: true
        choices: [MECHANICAL, PREMIUM, PROFESSIONAL]
      priority:
        description:
          - Urgency of the transcription.
        type: str
        default: STANDARD
        choices: [STANDARD, PRIORITY]
      turnaround_hours:
        description:
          - Number of hours within which the transcription must be done. If it is less than 48, the service silently
            changes O(transcription.priority) to V(PRIORITY), and the module warns about it.
          - Jobs do not show this number. A different number therefore changes a job that was ordered earlier only
            while that job waits for authorization.
        type: int
      target_languages:
        description:
          - Languages to translate the transcript into.
        type: list
        elements: str
      standard_product:
        description:
          - Whether to use the standard product of cielo24 instead of its legacy product. If not set, the service
            decides. Jobs do not show this.
        type: bool
      callback_url:
        description:
          - URL that the service calls when the job is done. V({job_id}) in it stands for the ID of the job.
          - Passwords and tokens in the URL are not shown. Neither are parts of its path that look like tokens (20
            characters or more).
        type: str
      options:
        description:
          - Further options. The API reference documents their names and values.
        type: dict
  authorize:
    description:
      - Whether to authorize jobs that wait for authorization.
    type: bool
    default: false
"""

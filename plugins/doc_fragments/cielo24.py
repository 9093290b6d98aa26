# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach cielo24."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  base_url:
    description:
      - Scheme, host and port of cielo24, without a path. Its sandbox is V(https://sandbox.cielo24.com).
      - If not set, the value of E(CIELO24_BASE_URL) is used.
    type: str
    default: https://api.cielo24.com
  api_token:
    description:
      - A token of an earlier login. It expires after an hour without use.
      - Give exactly one of O(api_token), O(username) with O(password), and O(username) with O(api_key). Only the last
        two can get a new token when one has expired.
      - Credentials of the task override those of the environment. If the environment has several, the first in this
        order is used.
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
      - A long-lived API key of the account (the service also calls it securekey).
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
      - Name of the job. Without it, the service makes one up.
    type: str
  language:
    description:
      - Language of the media, in the service's own codes. The service assumes V(en) if this is not given.
    type: str
  sub_account:
    description:
      - Name of the account below this one that the job belongs to.
      - O(external_ids), O(job_name) and O(name_pattern) find jobs in this account only. Without it, they find jobs in
        the account that signs in.
    type: str
  requestor:
    description:
      - Who requests the job.
    type: str
  reference:
    description:
      - A note for invoices.
    type: str
  expected_speakers:
    description:
      - Number of people who speak.
    type: int
  media_url:
    description:
      - Address that the service fetches the media from.
      - Passwords, tokens and signatures in it are not shown, nor is a part of its path that looks like a token (20
        characters or more). When it is compared with the media of a job, passwords and signatures do not count.
    type: str
  media_path:
    description:
      - File with the media, of at most 10 GB, to be sent to the service. It has to be on the machine that the module
        runs on.
      - The service does not show that it has the file until it has looked at it. The content is not compared.
    type: path
  media_is_duplicate:
    description:
      - Whether O(media_url) may be an address that another job has used.
    type: bool
    default: false
  external_id_is_duplicate:
    description:
      - Whether a new job may have an id of O(external_ids) that another job has had, such as a deleted one.
    type: bool
    default: false
  transcription:
    description:
      - The transcription to order. This is what costs money, so it is not sent again if its answer is lost.
      - While a job waits for its authorization, its fidelity, priority, turnaround and callback can be changed.
      - A job that was ordered earlier may not show everything that you ask for. A warning says what it does not show.
        Such a job is not authorized, unless the option in question can be set once more.
      - Before an order is authorized, it is looked at once more. If it is not as it was ordered, it is not authorized,
        and the task fails.
    type: dict
    suboptions:
      fidelity:
        description:
          - Quality. Jobs show V(PREMIUM) as V(STANDARD), and V(PROFESSIONAL) as V(HIGH).
        type: str
        required: true
        choices: [MECHANICAL, PREMIUM, PROFESSIONAL]
      priority:
        description:
          - How urgent the transcription is.
        type: str
        default: STANDARD
        choices: [STANDARD, PRIORITY]
      turnaround_hours:
        description:
          - In how many hours the transcription has to be done. For less than 48, the service silently changes
            O(transcription.priority) to V(PRIORITY), and a warning says so.
          - Jobs do not show this number. A different one therefore changes a job that was ordered earlier only while
            that job waits for its authorization.
        type: int
      target_languages:
        description:
          - Languages to translate the transcript to.
        type: list
        elements: str
      standard_product:
        description:
          - Whether to use the standard product of cielo24, or its legacy product. If not set, the service decides.
            Jobs do not show this.
        type: bool
      callback_url:
        description:
          - Address that the service calls when the job is done. V({job_id}) in it stands for the id of the job.
          - Passwords and tokens in it are not shown, nor is a part of its path that looks like a token (20 characters
            or more).
        type: str
      options:
        description:
          - Further options, with the names and values that the API reference documents.
        type: dict
  authorize:
    description:
      - Whether to authorize jobs that wait for their authorization.
    type: bool
    default: false
"""

# Copyright: (c) 2026, saasops.jobs contributors
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
      - A token of an earlier login. It ends after an hour without use.
      - Exactly one of O(api_token), O(username) with O(password), and O(username) with O(api_key) is needed. Only
        the last two can go on when a token has ended. What a task gives comes before what the environment gives. If
        that has several, the first of them in this order is used.
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
"""

    ORDER = r"""
options:
  job_name:
    description:
      - Name of the job. Without it, the service gives one.
    type: str
  language:
    description:
      - Language of the media, in the service's own codes. It takes V(en) if this is not given.
    type: str
  sub_account:
    description:
      - Name of the account below this one that has the job, or that it is for.
      - Jobs are found by O(external_ids), by their name and by O(name_pattern) in this account only, and without it in
        the account that signs in.
    type: str
  requestor:
    description:
      - Who asks for the job.
    type: str
  reference:
    description:
      - A note for invoices.
    type: str
  expected_speakers:
    description:
      - How many people speak.
    type: int
  media_url:
    description:
      - Address that the service fetches the media from.
      - Passwords, tokens and signatures in it are not shown, nor is a part of its path that looks like a token (20
        characters or more). Passwords and signatures make no difference to the media that a job has.
    type: str
  media_path:
    description:
      - File with the media, of at most 10 GB, which is sent to the service. It has to be where the module runs.
      - The service shows that it has the file once it has looked at it. What a file holds is not compared.
    type: path
  media_is_duplicate:
    description:
      - Whether O(media_url) may be one that another job has used.
    type: bool
    default: false
  external_id_is_duplicate:
    description:
      - Whether a new job may have an id of O(external_ids) that another job had, like one that is deleted.
    type: bool
    default: false
  transcription:
    description:
      - The transcription to be ordered, which is what costs money. If its answer is lost, it is not sent again.
      - As long as a job waits for its authorization, fidelity, priority, turnaround and callback can be changed.
      - A job that was ordered before may not show all that is asked for. A warning tells what, and it is not authorized
        unless that can be set once more.
      - An order is looked at once more before it is authorized. If the service made something else of it, it is not
        authorized, and that is an error.
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
          - How urgent it is.
        type: str
        default: STANDARD
        choices: [STANDARD, PRIORITY]
      turnaround_hours:
        description:
          - In how many hours it is to be done. For less than 48, the service turns O(transcription.priority) into
            V(PRIORITY) without a word; a warning tells of it. No job shows its hours, so that other ones make no
            difference to a job that was ordered before, unless it waits for its authorization.
        type: int
      target_languages:
        description:
          - Languages to translate to.
        type: list
        elements: str
      standard_product:
        description:
          - Whether the media go through the standard product of cielo24, or through the legacy product. If not set, the
            service decides. No job shows it.
        type: bool
      callback_url:
        description:
          - Address that the service calls when the job is done. V({job_id}) in it stands for the id of the job.
            Passwords and tokens in it are not shown, nor is a part of its path that looks like a token (20 characters
            or more).
        type: str
      options:
        description:
          - Further options, by the names and with the values that the reference of the API gives.
        type: dict
  authorize:
    description:
      - Whether to authorize jobs that wait for it.
    type: bool
    default: false
"""

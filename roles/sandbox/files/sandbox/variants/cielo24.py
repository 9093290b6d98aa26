# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass

from .variant import choice, flag, number

# Errors that cielo24 may return for the same problem, as far as the documentation tells.
ABSENT = ("ITEM_NOT_FOUND", "INVALID_QUERY")
TOO_EARLY = ("INVALID_QUERY", "ITEM_NOT_FOUND", "UNHANDLED_ERROR")
REFUSALS = ("INVALID_QUERY", "INVALID_OPTION", "UNHANDLED_ERROR")


@dataclass
class Cielo24Variants:
    """Variants of cielo24."""

    delete_paths: str = choice("both", ("both", "delete", "del"), "which of /api/job/delete and /api/job/del exist")
    deleted_job_info: str = choice("not_found", ("not_found", "still_answers"), "what info returns for a deleted job")
    deletable_states: str = choice(
        "all", ("all", "early"), "which jobs can be deleted; early: only Authorizing and Pending ones"
    )
    login_key: str = choice("ApiToken", ("ApiToken", "api_token"), "name of the token in the response of a login")
    login_token: str = choice("fresh", ("fresh", "shared"), "each login creates a token, or all share one")
    empty_success: int = choice(200, (200, 204), "status of a cielo24 delete; 204 has no body")
    deleted_job_error: str = choice("ITEM_NOT_FOUND", ABSENT, "error when a job is deleted again")
    undeletable_job_error: str = choice("INVALID_QUERY", REFUSALS, "error when a job cannot be deleted")
    booleans: str = choice(
        "any_case", ("any_case", "lower_case"), "booleans are accepted in any case, or in lower case only"
    )
    json_bodies: str = choice(
        "all",
        ("all", "some", "none"),
        "which calls accept a JSON body; some: login, job/new and perform_transcription",
    )
    version_demanded: str = choice(
        "always",
        ("always", "where_documented"),
        "all calls require v=1, or only those whose documentation has it",
    )
    authorize_status: int = choice(204, (204, 200), "status when a job is authorized; there is no body")
    unknown_account_error: str = choice(
        "ACCOUNT_UNPRIVILEGED",
        ("ACCOUNT_UNPRIVILEGED", "ACCOUNT_DOES_NOT_EXIST", "ITEM_NOT_FOUND"),
        "error for an account that does not exist",
    )
    unknown_key_error: str = choice(
        "ITEM_NOT_FOUND",
        (*ABSENT, "success"),
        "error when an API key is removed that does not exist, if that is an error",
    )
    new_job_status: str = choice(
        "by_setting",
        ("by_setting", "Authorizing", "Pending"),
        "status of a new job: Authorizing or Pending according to the account's setting, or always the same",
    )
    repeated_external_id: str = choice(
        "INVALID_QUERY",
        (*REFUSALS, "accepted"),
        "error for an external_id that another job has",
    )
    repeated_media_url: str = choice(
        "INVALID_QUERY",
        (*REFUSALS, "accepted"),
        "error for a media_url that another job has",
    )
    second_media: str = choice("INVALID_QUERY", REFUSALS, "error when media are added to a job that has media")
    hide_new_captioning_job: float = number(0, "seconds for which a new cielo24 job is not listed")
    list_limit: float = number(0, "how many cielo24 jobs a list shows at most, newest first; 0 means all")
    external_id_name: str = choice("ExternalID", ("ExternalID", "ExternalId"), "name of the external id in a job")
    empty_fields: str = choice(
        "null",
        ("null", "empty", "left_out"),
        "a field of a job that has no value is null, an empty text, or left out",
    )
    options_form: str = choice(
        "labelled",
        ("labelled", "plain"),
        "an option of a job is shown as an object with a label and a setting, or as its value",
    )
    media_takes: float = number(10, "seconds until the duration of media is known, or that they are broken")
    media_failure: str = choice(
        "marked",
        ("marked", "always", "never"),
        "which media are broken: those with 'broken' in their URL or at the beginning of the file, all, or none",
    )
    no_media_url: str = choice(
        "left_out",
        ("left_out", "null", "empty", "error"),
        "how the missing URL of uploaded media is shown",
    )
    upload_refusal: str = choice(
        "after_body",
        ("after_body", "before_body"),
        "an upload that is refused is read to its end first, or gets its response at once and is disconnected",
    )
    upload_limit: float = number(10 * 1024**3, "how many bytes can be uploaded")
    upload_content_type: str = choice(
        "ignored", ("ignored", "refused"), "an upload that has a Content-Type is accepted, or refused"
    )
    priority_demanded: bool = flag(True, "a transcription cannot be requested without priority")
    old_priorities: str = choice("refused", ("refused", "accepted"), "whether ECONOMY and CRITICAL are accepted")
    language_support: str = choice(
        "any",
        ("any", "documented"),
        "transcription is available in every language, or in those of the documentation",
    )
    transcription_without_media: str = choice(
        "error",
        ("error", "waits"),
        "a transcription that is requested before there are media is refused, or waits for them",
    )
    second_transcription: str = choice(
        "error",
        ("error", "replaces", "ignored"),
        "a second request for a transcription is refused, replaces the first one, or changes nothing",
    )
    hide_captioning_order: float = number(0, "seconds for which a job does not show what was ordered")
    captioning_waits: float = number(30, "seconds from a requested transcription to In Process")
    captioning_takes: float = number(120, "seconds from In Process to the end of the transcription")
    captioning_review: float = number(0, "seconds that a job is Reviewing before it is Complete")
    early_output_error: str = choice("INVALID_QUERY", TOO_EARLY, "error when captions are not ready yet")
    task_status: bool = flag(False, "tasks can be asked for their status, as older documentation says")

# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

LTS_MISSING = "The log stream does not existed"
LTS_MISSING_WITH_ID = "Log stream id does not exist: <id>"
# What cielo24 may call one thing, as far as anybody knows.
CIELO24_ABSENT = ("ITEM_NOT_FOUND", "INVALID_QUERY")
CIELO24_EARLY = ("INVALID_QUERY", "ITEM_NOT_FOUND", "UNHANDLED_ERROR")
CIELO24_REFUSALS = ("INVALID_QUERY", "INVALID_OPTION", "UNHANDLED_ERROR")


@dataclass(frozen=True)
class Variant:
    """A point on which the services' documentation is silent or contradicts itself."""

    name: str
    default: Any
    meaning: str
    choices: tuple = ()  # empty: a number, not below `minimum`
    minimum: int = 0

    def accepts(self, value: Any) -> bool:
        if self.choices:
            # The type is compared too, because True == 1 in Python.
            return any(type(choice) is type(value) and choice == value for choice in self.choices)
        return isinstance(value, (int, float)) and not isinstance(value, bool) and value >= self.minimum

    def expected(self) -> str:
        if not self.choices:
            return f"a number from {self.minimum} up"
        return "one of " + ", ".join(repr(choice) for choice in self.choices)


BOOLEAN = (True, False)
ALL = {
    variant.name: variant
    for variant in (
        # HTTP digest
        Variant(
            "digest_algorithm",
            "MD5",
            "hash that the challenge asks for",
            ("MD5", "MD5-sess", "SHA-256", "SHA-256-sess", "SHA-512-256", "SHA-512-256-sess"),
        ),
        Variant(
            "digest_qop",
            "auth",
            "protection that the challenge offers; empty: none, as in RFC 2069; auth-int alone is never accepted",
            ("auth", "auth,auth-int", "auth-int", ""),
        ),
        Variant("digest_userhash", False, "the challenge asks for hashed user names, in UTF-8", BOOLEAN),
        Variant(
            "digest_company",
            "none",
            "challenges of other kinds beside that one: in its header, in headers of their own, or in its place",
            ("none", "one_header", "own_headers", "instead"),
        ),
        Variant("nonce_needs_cookie", False, "a nonce is good only with the cookie that was set with it", BOOLEAN),
        Variant("digest_strict_order", False, "a nonce count must be higher than the last one", BOOLEAN),
        Variant("nonce_uses", 0, "how often a nonce may be used; 0 means without limit"),
        Variant("nonce_seconds", 300, "how long a nonce lives, in seconds of the sandbox clock"),
        Variant("stale_flag", True, "an expired nonce is answered with stale=true", BOOLEAN),
        # MongoDB conventions
        Variant("max_items_per_page", 500, "a larger itemsPerPage is cut down to this", minimum=1),
        Variant("total_count", True, "lists have a totalCount", BOOLEAN),
        Variant("page_links", True, "lists have links", BOOLEAN),
        Variant("rate_limit_headers", True, "Atlas answers have RateLimit-Limit and RateLimit-Remaining", BOOLEAN),
        Variant("rate_limits", False, "the MongoDB rate limits are enforced", BOOLEAN),
        Variant("minute_limit", 100, "Ops Manager: requests in one turn of the counter", minimum=1),
        Variant("bucket_capacity", 1200, "Atlas: size of the token bucket", minimum=1),
        Variant("bucket_refill", 500, "Atlas: tokens that come back in rate_seconds", minimum=1),
        Variant("rate_seconds", 60, "length of a turn of either limit, in seconds", minimum=1),
        Variant("retry_after", True, "a 429 of a rate limit says how long to wait", BOOLEAN),
        Variant("version_header_error", 406, "status when a v2 request names no known version", (406, 400)),
        Variant(
            "access_denied",
            "",
            "every authenticated MongoDB request is refused with this code",
            (
                "",
                "IP_ADDRESS_NOT_ON_ACCESS_LIST",
                "IP_ADDRESS_NOT_ON_WHITELIST",
                "RESOURCE_REQUIRES_WHITELIST",
                "ORG_REQUIRES_WHITELIST",
                "USER_UNAUTHORIZED",
            ),
        ),
        # log collection jobs
        Variant(
            "resource_type_spelling",
            "live",
            "replicaset, REPLICASET or REPLICA_SET in a job's resourceType",
            ("live", "upper", "upper_underscore"),
        ),
        Variant(
            "missing_log_job_code",
            "LOG_COLLECTION_JOB_NOT_FOUND_IN_GROUP",
            "error code of the 404 for a log collection job that does not exist",
            ("LOG_COLLECTION_JOB_NOT_FOUND_IN_GROUP", "RESOURCE_NOT_FOUND", "UNEXPECTED_ERROR"),
        ),
        Variant(
            "log_dates",
            "by_product",
            "form of logCollectionFromDate and logCollectionToDate; by_product: milliseconds for Ops Manager, else ISO",
            ("by_product", "milliseconds", "iso8601", "both"),
        ),
        Variant("log_dates_shown", True, "jobs show the two dates with which they were requested", BOOLEAN),
        Variant("extension_limit", "creation", "from when six months of extension are counted", ("creation", "now")),
        Variant(
            "log_error_status",
            "by_product",
            "whose list of errors holds for downloads and extensions: that of Atlas (400) or of Ops Manager (403)",
            ("by_product", 400, 403),
        ),
        Variant(
            "download_host", "own", "the host in a job's downloadUrl: the one called, or another", ("own", "other")
        ),
        Variant("download_ranges", False, "the download of logs obeys Range", BOOLEAN),
        # downloads of logs and of backups
        Variant("download_length", True, "a download tells its length, and is not sent in chunks", BOOLEAN),
        Variant("download_rate", 0, "bytes per second of a download, in real time; 0 means without limit"),
        Variant(
            "archive",
            "whole",
            "what is wrong with an archive: it ends early, its tar does, a byte is wrong, or it is something else",
            ("whole", "cut_gzip", "cut_tar", "corrupt", "not_an_archive", "empty"),
        ),
        Variant("archive_content", "text", "text can be compressed, random content cannot", ("text", "random")),
        # restore jobs
        Variant("cancelled_job", "kept", "a cancelled job stays readable or is gone", ("kept", "gone")),
        Variant(
            "cancel_ended_job", 204, "status when an expired, failed or cancelled job is cancelled", (204, 400, 404)
        ),
        Variant(
            "create_restore_answer", "object", "a new job is answered, or a list that holds it", ("object", "list")
        ),
        Variant(
            "restore_made",
            "as_asked",
            "an automated restore that is asked for becomes a download",
            ("as_asked", "download"),
        ),
        Variant("hide_new_job", 0, "seconds for which a new job cannot be read or listed"),
        Variant(
            "sharded_list_of_replica_set",
            "empty",
            "the list of sharded snapshots of a replica set is empty, or an error",
            ("empty", "error"),
        ),
        Variant(
            "sharded_snapshots",
            "whole",
            "what the calls that are not made for sharded clusters list of their snapshots, and serve: whole ones, the "
            "parts of which these consist (and no whole ones), or both",
            ("whole", "parts", "both"),
        ),
        Variant(
            "second_snapshot",
            400,
            "status when a snapshot is asked for while another one on demand is under way, if that is an error",
            (400, 409, "accepted"),
        ),
        Variant(
            "shard_components", "shown", "whether the download of one shard shows components", ("shown", "left_out")
        ),
        Variant("delivery_host", "own", "a backup is fetched from the host called, or the vendor's", ("own", "vendor")),
        Variant(
            "private_endpoints",
            "none",
            "a backup has addresses of private endpoints: none, of one or two besides the public ones, or only of one",
            ("none", "one", "two", "only"),
        ),
        Variant("delivery_ranges", True, "the download of a backup obeys Range", BOOLEAN),
        Variant(
            "delivery_url_dies",
            "when_fetched",
            "when the address of a backup is used up: with its last byte, with the first request, or never",
            ("when_fetched", "when_asked", "never"),
        ),
        Variant("used_url_status", 404, "status of an address that is used up, expired or cancelled", (404, 403, 410)),
        # service accounts
        Variant("token_seconds", 3600, "how long an access token lives, in seconds of the sandbox clock", minimum=1),
        Variant("token_limit", 0, "token requests in a minute; 0 means without limit"),
        Variant("token_limit_form", "api", "error of that limit: the API's, or that of OAuth 2", ("api", "oauth")),
        Variant("token_access_list", False, "tokens are refused because of the access list", BOOLEAN),
        # LTS
        Variant("missing_group_status", 404, "status of LTS.0201 for a missing log group", (404, 400)),
        Variant(
            "missing_stream_message",
            LTS_MISSING,
            "text of LTS.0208 for a missing stream",
            (LTS_MISSING, LTS_MISSING_WITH_ID),
        ),
        Variant(
            "missing_stream_in_missing_group",
            "LTS.0201",
            "code when a stream of a missing group is deleted or changed",
            ("LTS.0201", "LTS.0208"),
        ),
        Variant("blocked_stream_code", "LTS.0207", "code when a transfer uses the stream", ("LTS.0207", "LTS.0208")),
        Variant("disabled_transfer_blocks", True, "a transfer with status DISABLE blocks its streams too", BOOLEAN),
        Variant("transfer_offset_works", True, "the transfer list obeys offset", BOOLEAN),
        Variant("log_streams_group_id", False, "the list of all streams names each stream's group", BOOLEAN),
        Variant(
            "token_error",
            "LTS.0003",
            "code of the 401 for a bad token",
            ("LTS.0003", "LTS.0414", "LTS.0002", "APIGW.0301", "APIGW.0307"),
        ),
        Variant("log_group_quota", 100, "how many log groups a project may have"),
        Variant("log_stream_quota", 100, "how many streams a log group may have"),
        Variant(
            "stream_name_unique_in", "group", "where the name of a stream must be its only one", ("group", "project")
        ),
        Variant(
            "stream_ttl_when_absent",
            "group",
            "ttl_in_days of a stream that is created without: that of its group, also later, or 30",
            ("group", 30),
        ),
        Variant(
            "tags_update",
            "merge",
            "an update adds the tags to those that are there, or puts them in their place",
            ("merge", "replace"),
        ),
        Variant("group_tags_reach_streams", False, "an update of a group's tags is one of its streams' too", BOOLEAN),
        Variant("tags_action_status", 200, "status when tags are created or deleted on their own", (200, 201)),
        Variant("hide_new_lts", 0, "seconds for which a new group, stream or transfer is not listed"),
        Variant("transfer_page_size", 100, "how many transfers are listed without limit", minimum=1),
        Variant("transfer_update", "replace", "what an update leaves out is gone, or stays", ("replace", "merge")),
        Variant("transfer_defaults_shown", True, "transfers show settings that nobody has set", BOOLEAN),
        Variant("second_transfer_status", 400, "status of LTS.0207 for a stream's second transfer", (400, 500)),
        # IAM, and signatures
        Variant("auth_forms", "both", "forms of signatures that are accepted", ("both", "access", "credential")),
        Variant("iam_token_seconds", 86400, "how long a token of IAM lives, in sandbox time", minimum=1),
        Variant(
            "iam_error_form", "keystone", "errors of IAM are like those of Keystone or have codes", ("keystone", "iam")
        ),
        Variant(
            "agency_field", "both", "which field names the agency to assume", ("both", "xrole_name", "agency_name")
        ),
        Variant("passcode_demanded", True, "who has a passcode cannot sign in without it", BOOLEAN),
        Variant("passcode_once", True, "a passcode is good for one sign-in", BOOLEAN),
        Variant(
            "missing_scope_status",
            401,
            "status when a token is asked for a project or domain that the user does not have",
            (401, 404),
        ),
        # cielo24
        Variant("delete_paths", "both", "which of /api/job/delete and /api/job/del exist", ("both", "delete", "del")),
        Variant("deleted_job_info", "not_found", "what info says of a deleted job", ("not_found", "still_answers")),
        Variant("deletable_states", "all", "early: only Authorizing and Pending jobs can be deleted", ("all", "early")),
        Variant("login_key", "ApiToken", "name of the token in the login answer", ("ApiToken", "api_token")),
        Variant("login_token", "fresh", "each login makes a token, or all share one", ("fresh", "shared")),
        Variant("empty_success", 200, "status of a cielo24 delete; 204 has no body", (200, 204)),
        Variant("deleted_job_error", "ITEM_NOT_FOUND", "error when a job is deleted again", CIELO24_ABSENT),
        Variant("undeletable_job_error", "INVALID_QUERY", "error when a job cannot be deleted", CIELO24_REFUSALS),
        Variant(
            "booleans",
            "any_case",
            "booleans are understood in any case, or in lower case only",
            ("any_case", "lower_case"),
        ),
        Variant(
            "json_bodies",
            "all",
            "which calls understand a JSON body; some: login, job/new and perform_transcription",
            ("all", "some", "none"),
        ),
        Variant(
            "version_demanded",
            "always",
            "v=1 is demanded by all calls, or by those whose documentation has it",
            ("always", "where_documented"),
        ),
        Variant("authorize_status", 204, "status when a job is authorized, without a body", (204, 200)),
        Variant(
            "unknown_account_error",
            "ACCOUNT_UNPRIVILEGED",
            "error for an account that does not exist",
            ("ACCOUNT_UNPRIVILEGED", "ACCOUNT_DOES_NOT_EXIST", "ITEM_NOT_FOUND"),
        ),
        Variant(
            "unknown_key_error",
            "ITEM_NOT_FOUND",
            "error when an API key is removed that does not exist, if that is one",
            (*CIELO24_ABSENT, "success"),
        ),
        Variant(
            "new_job_status",
            "by_setting",
            "status of a new job: Authorizing if the account's setting says so and Pending if not, or always the same",
            ("by_setting", "Authorizing", "Pending"),
        ),
        Variant(
            "repeated_external_id",
            "INVALID_QUERY",
            "error for an external_id that is used already",
            (*CIELO24_REFUSALS, "accepted"),
        ),
        Variant(
            "repeated_media_url",
            "INVALID_QUERY",
            "error for a media_url that is used already",
            (*CIELO24_REFUSALS, "accepted"),
        ),
        Variant("second_media", "INVALID_QUERY", "error when a job is given media again", CIELO24_REFUSALS),
        Variant("hide_new_captioning_job", 0, "seconds for which a new cielo24 job is not listed"),
        Variant("list_limit", 0, "how many cielo24 jobs a list shows at most, the newest; 0 means all"),
        Variant("external_id_name", "ExternalID", "how a job spells its external id", ("ExternalID", "ExternalId")),
        Variant(
            "empty_fields",
            "null",
            "a field of a job that has no value is null, an empty text, or not there",
            ("null", "empty", "left_out"),
        ),
        Variant(
            "options_form",
            "labelled",
            "an option of a job is shown as an object with its label and setting, or as its value",
            ("labelled", "plain"),
        ),
        Variant("media_takes", 10, "seconds until it is known how long media play, or that they are broken"),
        Variant(
            "media_failure",
            "marked",
            "which media are broken: those with 'broken' in their URL or where the file begins, all or none",
            ("marked", "always", "never"),
        ),
        Variant(
            "no_media_url",
            "left_out",
            "what is said of the URL of media that were uploaded",
            ("left_out", "null", "empty", "error"),
        ),
        Variant(
            "upload_refusal",
            "after_body",
            "an upload that is refused is read to its end first, or is answered at once and cut off",
            ("after_body", "before_body"),
        ),
        Variant("upload_limit", 10 * 1024**3, "how many bytes can be uploaded"),
        Variant(
            "upload_content_type",
            "ignored",
            "an upload that has a Content-Type is accepted, or refused",
            ("ignored", "refused"),
        ),
        Variant("priority_demanded", True, "a transcription cannot be requested without priority", BOOLEAN),
        Variant("old_priorities", "refused", "whether ECONOMY and CRITICAL are known", ("refused", "accepted")),
        Variant(
            "language_support",
            "any",
            "transcribers are there for every language, or for those in the documentation",
            ("any", "documented"),
        ),
        Variant(
            "transcription_without_media",
            "error",
            "a transcription that is requested before there are media is refused, or waits for them",
            ("error", "waits"),
        ),
        Variant(
            "second_transcription",
            "error",
            "a second request of a transcription is refused, replaces the first, or changes nothing",
            ("error", "replaces", "ignored"),
        ),
        Variant("hide_captioning_order", 0, "seconds for which a job does not show what was ordered"),
        Variant("captioning_waits", 30, "seconds from a requested transcription to In Process"),
        Variant("captioning_takes", 120, "seconds from In Process to the end of the transcription"),
        Variant("captioning_review", 0, "seconds that a job is Reviewing before it is Complete"),
        Variant("early_output_error", "INVALID_QUERY", "error when captions are not there yet", CIELO24_EARLY),
        Variant("task_status", False, "tasks can be asked for their status, as it was documented once", BOOLEAN),
        # all services
        Variant("latency", 0, "seconds before each answer"),
    )
}


class VariantError(ValueError):
    pass


class Variants:
    def __init__(self) -> None:
        self._values = {name: variant.default for name, variant in ALL.items()}

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def update(self, changes: Any) -> None:
        """All of the changes, or none of them and a VariantError."""
        if not isinstance(changes, dict):
            raise VariantError("variants: expected a mapping of names to values")
        for name, value in changes.items():
            if name not in ALL:
                raise VariantError(f"unknown variant {name!r}; there are: {', '.join(sorted(ALL))}")
            if not ALL[name].accepts(value):
                raise VariantError(f"variant {name}: {value!r} is not {ALL[name].expected()}")
        self._values.update(changes)

    def describe(self) -> dict:
        return {
            name: {
                "value": self._values[name],
                "default": variant.default,
                "choices": list(variant.choices) or variant.expected(),
                "meaning": variant.meaning,
            }
            for name, variant in ALL.items()
        }

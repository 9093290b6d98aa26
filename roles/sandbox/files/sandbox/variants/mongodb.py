# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass

from .variant import choice, flag, number

LOG_ERROR_STATUSES: tuple[str | int, ...] = ("by_product", 400, 403)
SECOND_SNAPSHOT_STATUSES: tuple[str | int, ...] = (400, 409, "accepted")


@dataclass
class MongoDBVariants:
    """Variants of Ops Manager, Cloud Manager and Atlas."""

    # HTTP digest
    digest_algorithm: str = choice(
        "MD5",
        ("MD5", "MD5-sess", "SHA-256", "SHA-256-sess", "SHA-512-256", "SHA-512-256-sess"),
        "hash algorithm that the challenge asks for",
    )
    digest_qop: str = choice(
        "auth",
        ("auth", "auth,auth-int", "auth-int", ""),
        "quality of protection that the challenge offers; empty: none, as in RFC 2069; auth-int alone is never "
        "accepted",
    )
    digest_userhash: bool = flag(False, "the challenge asks for hashed user names, in UTF-8")
    digest_company: str = choice(
        "none",
        ("none", "one_header", "own_headers", "instead"),
        "challenges of other schemes besides the digest challenge: in its header, in their own headers, or instead",
    )
    nonce_needs_cookie: bool = flag(False, "a nonce is valid only together with the cookie that was set with it")
    digest_strict_order: bool = flag(False, "a nonce count must be higher than the previous one")
    nonce_uses: float = number(0, "how often a nonce may be used; 0 means no limit")
    nonce_seconds: float = number(300, "how long a nonce is valid, in seconds of the sandbox clock")
    stale_flag: bool = flag(True, "the challenge for an expired nonce has stale=true")

    # Conventions of all MongoDB APIs
    max_items_per_page: float = number(500, "a larger itemsPerPage is reduced to this", minimum=1)
    total_count: bool = flag(True, "lists have a totalCount")
    page_links: bool = flag(True, "lists have links")
    rate_limit_headers: bool = flag(True, "Atlas responses have RateLimit-Limit and RateLimit-Remaining")
    rate_limits: bool = flag(False, "the MongoDB rate limits are enforced")
    minute_limit: float = number(100, "Ops Manager: requests in each period of rate_seconds", minimum=1)
    bucket_capacity: float = number(1200, "Atlas: size of the token bucket", minimum=1)
    bucket_refill: float = number(500, "Atlas: tokens that are refilled in rate_seconds", minimum=1)
    rate_seconds: float = number(60, "length of the period of both limits, in seconds", minimum=1)
    retry_after: bool = flag(True, "a 429 of a rate limit has a Retry-After header")
    version_header_error: int = choice(406, (406, 400), "status when a v2 request names no known version")
    access_denied: str = choice(
        "",
        (
            "",
            "IP_ADDRESS_NOT_ON_ACCESS_LIST",
            "IP_ADDRESS_NOT_ON_WHITELIST",
            "RESOURCE_REQUIRES_WHITELIST",
            "ORG_REQUIRES_WHITELIST",
            "USER_UNAUTHORIZED",
        ),
        "every authenticated MongoDB request is refused with this code",
    )

    # Organizations and projects
    organization_list: str = choice(
        "shown", ("shown", "refused"), "the list of organizations is shown, or refused as the key lacks a role"
    )
    project_list: str = choice(
        "whole",
        ("whole", "of_all_products", "by_organization"),
        "the list of all projects is shown, with or without those of the other products, or refused, so that only "
        "those of each organization are left",
    )

    # Log collection jobs
    resource_type_spelling: str = choice(
        "live",
        ("live", "upper", "upper_underscore"),
        "spelling of a job's resourceType: replicaset, REPLICASET or REPLICA_SET",
    )
    missing_log_job_code: str = choice(
        "LOG_COLLECTION_JOB_NOT_FOUND_IN_GROUP",
        ("LOG_COLLECTION_JOB_NOT_FOUND_IN_GROUP", "RESOURCE_NOT_FOUND", "UNEXPECTED_ERROR"),
        "error code of the 404 for a log collection job that does not exist",
    )
    log_dates: str = choice(
        "by_product",
        ("by_product", "milliseconds", "iso8601", "both"),
        "format of logCollectionFromDate and logCollectionToDate; by_product: milliseconds for Ops Manager, "
        "otherwise ISO 8601",
    )
    log_dates_shown: bool = flag(True, "jobs show the two dates with which they were requested")
    extension_limit: str = choice(
        "creation", ("creation", "now"), "from when the six months of the longest extension are counted"
    )
    log_error_status: str | int = choice(
        "by_product",
        LOG_ERROR_STATUSES,
        "whose error list applies to downloads and extensions: that of Atlas (400) or of Ops Manager (403)",
    )
    download_host: str = choice(
        "own", ("own", "other"), "the host in a job's downloadUrl: the one of the request, or another"
    )
    download_ranges: bool = flag(False, "the download of logs supports Range")

    # Log collection jobs of the servers of Ops Manager itself
    new_server_log_job: str = choice(
        "id", ("id", "job"), "a new server log collection job is returned as its id, or whole"
    )
    all_server_logs: str = choice(
        "listed",
        ("listed", "empty", "left_out"),
        "what a job shows of servers and log types if its request names neither: all that are meant, empty lists, or "
        "nothing",
    )
    daemon_logs: bool = flag(True, "the logs of backup daemons can be collected")
    server_log_jobs_at_once: float = number(4, "how many of these jobs can be in progress", minimum=1)
    missing_server_log_job_code: str = choice(
        "RESOURCE_NOT_FOUND",
        ("RESOURCE_NOT_FOUND", "UNEXPECTED_ERROR"),
        "error code of the 404 for a server log collection job that does not exist",
    )
    server_log_error_status: int = choice(
        400, (400, 403, 409), "status when the status of a server log collection job does not allow a request"
    )
    server_log_error_codes: str = choice(
        "same", ("same", "unexpected"), "the codes of these errors: those of log collection jobs, or UNEXPECTED_ERROR"
    )

    # Downloads of logs and of backups
    download_length: bool = flag(True, "a download has a Content-Length; otherwise the transfer is chunked")
    download_rate: float = number(0, "bytes per second of a download, in real time; 0 means no limit")
    archive: str = choice(
        "whole",
        ("whole", "cut_gzip", "cut_tar", "corrupt", "not_an_archive", "empty"),
        "what is wrong with an archive: the gzip file ends early, its tar does, a byte is wrong, or it is no archive",
    )
    archive_content: str = choice(
        "text", ("text", "random"), "content of the files: text can be compressed, random bytes cannot"
    )

    # Restore jobs and snapshots
    cancelled_job: str = choice("kept", ("kept", "gone"), "a cancelled job can still be read, or is gone")
    cancel_ended_job: int = choice(204, (204, 400, 404), "status when an expired, failed or cancelled job is cancelled")
    create_restore_answer: str = choice(
        "object", ("object", "list"), "a new job is returned as an object, or in a list"
    )
    restore_made: str = choice(
        "as_asked", ("as_asked", "download"), "a requested automated restore is created as such, or as a download"
    )
    hide_new_job: float = number(0, "seconds for which a new job can be neither read nor listed")
    sharded_list_of_replica_set: str = choice(
        "empty", ("empty", "error"), "the list of sharded snapshots of a replica set is empty, or an error"
    )
    sharded_snapshots: str = choice(
        "whole",
        ("whole", "parts", "both"),
        "what the endpoints that are not for sharded clusters list and return of their snapshots: whole snapshots, "
        "the parts that these consist of (and no whole ones), or both",
    )
    second_snapshot: int | str = choice(
        400,
        SECOND_SNAPSHOT_STATUSES,
        "status when a snapshot is requested while another on-demand snapshot is in progress, if that is an error",
    )
    shard_components: str = choice(
        "shown", ("shown", "left_out"), "the download of a single shard shows components, or leaves them out"
    )
    delivery_host: str = choice(
        "own", ("own", "vendor"), "the host in the URL of a backup: the one of the request, or the vendor's"
    )
    private_endpoints: str = choice(
        "none",
        ("none", "one", "two", "only"),
        "a backup has URLs of private endpoints: none, of one or two besides the public URLs, or only of one",
    )
    delivery_ranges: bool = flag(True, "the download of a backup supports Range")
    delivery_url_dies: str = choice(
        "when_fetched",
        ("when_fetched", "when_asked", "never"),
        "when the URL of a backup is used up: after its last byte, after the first request, or never",
    )
    used_url_status: int = choice(
        404, (404, 403, 410), "status of the URL of a backup that is used up, expired or cancelled"
    )

    # Service accounts
    token_seconds: float = number(3600, "how long an access token lives, in seconds of the sandbox clock", minimum=1)
    token_limit: float = number(0, "token requests per minute; 0 means no limit")
    token_limit_form: str = choice("api", ("api", "oauth"), "error format of that limit: the API's, or that of OAuth 2")
    token_access_list: bool = flag(False, "tokens are refused because of the IP access list")

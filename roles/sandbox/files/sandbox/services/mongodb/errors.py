# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ...http.messages import Response, compact_json, reason_phrase

# {errorCode: (HTTP status, detail with a %s for each parameter)}
CODES = {
    "ALREADY_EXPIRED": (400, "Cannot update an entity that has already expired."),
    "ATLAS_BACKUP_CANCEL_SHARD_RESTORE_JOB_NOT_ALLOWED": (
        405,
        "Cannot cancel a restore job of an individual shard. Please cancel the entire sharded cluster restore job.",
    ),
    "ATLAS_CLUSTER_RESTORE_IN_PROGRESS": (409, "Cluster restore already in progress."),
    "ATLAS_GROUP": (404, "Group %s is an Atlas group; use the Atlas Public API at /api/atlas/v1.0 to access it."),
    "ATTRIBUTE_NEGATIVE_OR_ZERO": (400, "The attribute %s cannot be negative or zero."),
    "AUTOMATED_RESTORE_OF_SHARD_NOT_ALLOWED": (
        400,
        "Not allowed to do an automated restore of individual shard snapshots of a sharded cluster.",
    ),
    "CANNOT_CANCEL_AUTOMATED_RESTORE": (400, "Automated restore cannot be cancelled."),
    "CANNOT_DELETE_IN_PROGRESS_SNAPSHOT": (400, "Cannot delete an in progress snapshot %s."),
    "CANNOT_DOWNLOAD_EXPIRED_JOB": (
        403,
        "Cannot download job %s, as it has expired and the data has been deleted from the Application Database.",
    ),
    "CANNOT_DOWNLOAD_INCOMPLETE_SNAPSHOT": (409, "Cannot download incomplete cluster snapshot."),
    "CANNOT_DOWNLOAD_JOB_IN_PROGRESS": (403, "Cannot download job %s as it is in progress."),
    "CANNOT_DOWNLOAD_SNAPSHOT_CONCURRENTLY": (
        400,
        "Cannot create a manual download of a snapshot when there is already an active download for that snapshot.",
    ),
    "CANNOT_EXTEND_EXPIRED_JOB": (403, "An expired log collection job cannot be extended."),
    "CANNOT_START_RESTORE_JOB_FOR_INCOMPLETE_CLUSTER_SNAPSHOT": (
        409,
        "Cannot start restore job for incomplete cluster snapshot.",
    ),
    "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API": (400, "Flex cluster %s cannot be used in the Cluster API."),
    "CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API": (400, "Cannot use non-flex cluster %s in the flex API."),
    "CANNOT_USE_SERVERLESS_INSTANCE_IN_CLUSTER_API": (
        400,
        "Serverless instance %s cannot be used in the Cluster API.",
    ),
    "CLUSTER_NOT_FOUND": (404, "No cluster named %s exists in group %s."),
    "CLUSTER_PAUSED_CANNOT_RESTORE": (400, "Backup restore cannot occur on a paused cluster."),
    "EXPIRATION_DATE_MUST_BE_IN_FUTURE": (
        400,
        "Expiration date for log collection request job must be in the future.",
    ),
    "EXPIRATION_DATE_TOO_DISTANT": (400, "Expiration date can only be as far as 6 months in the future."),
    "GROUP_NOT_FOUND": (404, "No group with ID %s exists."),
    "INVALID_ATTRIBUTE": (400, "Invalid attribute %s specified."),
    "INVALID_DATE_FORMAT": (400, "An invalid date value %s was specified."),
    "INVALID_ENUM_VALUE": (400, "An invalid enumeration value %s was specified."),
    "INVALID_GROUP_ID": (404, "An invalid group ID %s was specified."),
    "INVALID_JOB_ID": (404, "An invalid restore job ID %s was specified."),
    "INVALID_JSON": (400, "Received JSON does not match expected format."),
    "INVALID_JSON_ATTRIBUTE": (400, "Received JSON for the %s attribute does not match expected format."),
    "INVALID_LOG_COLLECTION_JOB_ID": (404, "An invalid log collection job ID %s was specified."),
    "INVALID_LOG_REQUEST_SIZE": (400, "Log request size has to be a positive number."),
    "INVALID_LOG_REQUEST_TYPES": (400, "The list of requested log types must not be empty."),
    "INVALID_PIT_RESTORE_TIME": (400, "Please provide a valid UTC time or an operation time (ts)."),
    "INVALID_QUERY_PARAMETER": (400, "Invalid query parameter %s specified."),
    "INVALID_SERVER_STATUS": (400, "An invalid server status was specified."),
    "INVALID_SNAPSHOT_ID": (404, "An invalid snapshot ID %s was specified."),
    "INVALID_VERSION_DATE": (400, "There is no version number in the request."),
    "IP_ADDRESS_NOT_ON_ACCESS_LIST": (403, "IP address %s is not allowed to access this resource."),
    "IP_ADDRESS_NOT_ON_WHITELIST": (403, "IP address %s is not allowed to access this resource."),
    "JOB_EXPIRATION_DATE_EXCEEDS_MAX": (
        400,
        "The specified expiration date can be at most %s months after the creation date.",
    ),
    "JOB_EXPIRATION_DATE_IN_PAST": (400, "The specified expiration date must be in the future."),
    "LOG_COLLECTION_JOB_NOT_FOUND_IN_GROUP": (404, "No log collection job with ID %s exists in group %s."),
    "MISSING_ATTRIBUTE": (400, "The required attribute %s was not specified."),
    "NOT_ATLAS_GROUP": (
        404,
        "Group %s is not an Atlas group; use the Cloud Manager Public API at /api/public/v1.0 to access it.",
    ),
    "NOT_IN_GROUP": (401, "The current user is not in the group, or the group does not exist."),
    "ONLY_FAILED_JOB_CAN_BE_RESTARTED": (400, "A job can only be restarted if it is in the FAILED state."),
    "ORG_REQUIRES_WHITELIST": (403, "This organization requires access through a whitelist of ip ranges."),
    "RATE_LIMITED": (429, "Resource %s is limited to %s requests every %s minutes."),
    "RATE_LIMITED_TOKEN_BUCKET": (
        429,
        "Rate limit exceeded for %s. Please retry after %s seconds. Request capacity: %s. "
        "Refill rate: %s per %s seconds.",
    ),
    "RESOURCE_NOT_FOUND": (404, "Cannot find resource %s."),
    "RESOURCE_NOT_FOUND_FOR_JOB": (400, "The resource %s of type %s wasn't found."),
    "RESOURCE_REQUIRES_WHITELIST": (403, "This resource requires access through a whitelist of ip ranges."),
    "RESTORE_JOB_NOT_FOUND": (404, "No restore job with ID %s exists for cluster %s."),
    "SNAPSHOT_NOT_FOUND": (404, "No snapshot with ID %s exists for cluster %s."),
    "START_DATE_AFTER_END_DATE": (400, "The specified start date must be earlier than the specified end date."),
    "TENANT_RESTORE_NOT_FOUND": (404, "No Flex restore with ID %s exists for cluster %s."),
    "TENANT_SNAPSHOT_NOT_FOUND": (404, "No Flex snapshot with ID %s exists for cluster %s."),
    "UNABLE_T0_FIND_SNAPSHOT_PRIOR_TO_PIT_RESTORE_OPTIME": (
        404,
        "Unable to find snapshot prior to pit restore optime.",
    ),
    "UNEXPECTED_ERROR": (500, "Unexpected error."),
    "USER_UNAUTHORIZED": (401, "Current user is not authorized to perform this action."),
    "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES": (
        405,
        "Create, update, and delete API endpoints are disabled while the system is being upgraded.",
    ),
}


class ApiError(Exception):
    """Ends the handling of a request with one of the documented errors."""

    def __init__(self, code: str, *parameters: Any, status: int | None = None):
        super().__init__(code)
        self.code = code
        self.parameters = parameters
        self.status = status or CODES[code][0]

    def response(self) -> Response:
        template = CODES[self.code][1]
        detail = template % self.parameters if "%s" in template else template
        # For the code that stands for anything else, the live service sends null instead of [].
        parameters = None if self.code == "UNEXPECTED_ERROR" else list(self.parameters)
        return error_response(self.status, self.code, detail, parameters)


def error_response(status: int, code: str, detail: str, parameters: list[Any] | None) -> Response:
    body = {
        "detail": detail,
        "error": status,
        "errorCode": code,
        "parameters": parameters,
        "reason": reason_phrase(status),
    }
    headers = {"Content-Type": "application/json"}
    if status != 401:
        headers["X-Error-Code"] = code
    return Response(status, compact_json(body), headers)

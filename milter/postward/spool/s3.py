# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects of a store that speaks S3's protocol; needs boto3 (``pip install postward[s3]``)."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from postward.errors import UsageError
from postward.spool.errors import SpoolError

if TYPE_CHECKING:
    from pathlib import Path

_CONNECT_TIMEOUT_S = 10.0
_READ_TIMEOUT_S = 60.0
_MAX_CREDENTIALS_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketSettings:
    """Where the objects go."""

    bucket: str
    prefix: str = ""
    """Of the objects' names."""
    endpoint: str = ""
    """URL of the store; "" is Amazon's."""
    region: str = ""
    credentials_file: Path | None = None
    """In the form of ~/.aws/credentials; None leaves it to boto3's own search."""
    profile: str = "default"
    """Which section of it."""


class Bucket:
    """Writes objects."""

    def __init__(self, settings: BucketSettings) -> None:
        """Connects when the first object is written."""
        self._settings = settings
        self._client: Any = None

    def put(self, name: str, content: bytes) -> None:
        """Write an object; raises SpoolError, after which it may be there or not: writing it again does no harm."""
        # Its own errors have no common base but these two.
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - an optional library

        key = f"{self._settings.prefix}{name}"
        try:
            self._connected().put_object(
                Bucket=self._settings.bucket, Key=key, Body=content, ContentType="message/rfc822"
            )
        except (BotoCoreError, ClientError, OSError, ValueError) as error:
            raise SpoolError(f"s3://{self._settings.bucket}/{key}: {error}") from error

    def _connected(self) -> Any:
        if self._client is None:
            self._client = _client(self._settings)
        return self._client


def check_installed() -> None:
    """Raise UsageError where boto3 is not installed; does not import it, which takes a while."""
    if importlib.util.find_spec("boto3") is None:
        raise UsageError("boto3 is not installed; pip install 'postward[s3]'")


def _client(settings: BucketSettings) -> Any:
    import boto3  # noqa: PLC0415 - an optional library, and slow to import
    import botocore.session  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    core = botocore.session.get_session()
    if settings.credentials_file is not None:
        core.set_config_variable("credentials_file", str(settings.credentials_file))
        core.set_config_variable("profile", settings.profile)
    if settings.region:
        core.set_config_variable("region", settings.region)
    # Not in Config, which refuses in older versions what it does not know.
    core.set_config_variable("request_checksum_calculation", "when_required")
    core.set_config_variable("response_checksum_validation", "when_required")
    return boto3.Session(botocore_session=core).client(
        "s3",
        endpoint_url=settings.endpoint or None,
        config=Config(
            connect_timeout=_CONNECT_TIMEOUT_S,
            read_timeout=_READ_TIMEOUT_S,
            # The queue on disk is what tries again.
            retries={"total_max_attempts": 1},
            # Stores other than Amazon's mostly know buckets by path only, and not the newer checksums.
            s3={"addressing_style": "path" if settings.endpoint else "auto"},
        ),
    )

# SPDX-License-Identifier: GPL-3.0-or-later
"""Section ``archive``: where rules may keep copies."""

from __future__ import annotations

import re
from collections.abc import Mapping  # noqa: TC003 - pydantic reads it at run time
from types import MappingProxyType
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, PlainValidator, model_validator

from postward.config.schema.quarantine import OptionalFolder  # noqa: TC001 - pydantic reads it at run time
from postward.config.schema.section import Section, checked_text, fault, key

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_REGION = re.compile(r"[a-z0-9-]{1,40}")
_PROFILE = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_PREFIX = re.compile(r"[A-Za-z0-9_./=-]{0,200}")
_MAX_URL_LENGTH = 500


def parse_archive_name(value: object) -> str:
    """The name of an archive, which is also that of a folder."""
    text = checked_text(value)
    if not _NAME.fullmatch(text):
        raise fault("is no name of an archive", "up to 64 small letters, digits, hyphens and underscores")
    return text


def _matching(pattern: re.Pattern[str], problem: str, hint: str = "") -> PlainValidator:
    def parse(value: object) -> str | None:
        if value is None:
            return None
        text = checked_text(value)
        if not pattern.fullmatch(text):
            raise fault(problem, hint)
        return text

    return PlainValidator(parse)


def _parse_endpoint(value: object) -> str | None:
    if value is None:
        return None
    text = checked_text(value)
    try:
        url = urlsplit(text)
        is_good = url.scheme in {"https", "http"} and bool(url.hostname) and url.path in {"", "/"} and not url.query
        is_good = is_good and url.username is None and (url.port is None or url.port > 0)
    except ValueError:
        is_good = False
    if not is_good or len(text) > _MAX_URL_LENGTH:
        raise fault("is no URL of an S3 store", "write https://s3.example.com:9000")
    return text


_Bucket = Annotated[str | None, _matching(_BUCKET, "is no name of a bucket")]
_Region = Annotated[str | None, _matching(_REGION, "is no name of a region", "write eu-central-1")]
_Profile = Annotated[str | None, _matching(_PROFILE, "is no name of a profile")]
_Prefix = Annotated[str | None, _matching(_PREFIX, "is no beginning of a name", "write mail/")]
_Endpoint = Annotated[str | None, PlainValidator(_parse_endpoint)]
_Name = Annotated[str, PlainValidator(parse_archive_name)]


class ArchiveStoreSection(Section):
    """One archive: a maildir, or a bucket."""

    maildir: OptionalFolder = None
    bucket: _Bucket = None
    prefix: _Prefix = None
    endpoint: _Endpoint = None
    region: _Region = None
    credentials_file: OptionalFolder = None
    profile: _Profile = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if (self.maildir is None) == (self.bucket is None):
            raise fault("needs a maildir or a bucket", "one of both")
        of_bucket = ("prefix", "endpoint", "region", "credentials_file", "profile")
        surplus = [name for name in of_bucket if getattr(self, name) is not None]
        if self.maildir is not None and surplus:
            raise fault(f"{surplus[0]} goes with a bucket, not with a maildir")
        return self


def _frozen(stores: Mapping[str, ArchiveStoreSection]) -> Mapping[str, ArchiveStoreSection]:
    return MappingProxyType(dict(stores))


class ArchiveSection(Section):
    """Where rules keep copies (docs/quarantine.md)."""

    stores: Annotated[Mapping[_Name, ArchiveStoreSection], AfterValidator(_frozen)] = Field(
        default_factory=lambda: MappingProxyType({}),
        description="Archives by the name that rules know: {legal: {maildir: /srv/legal}}, or an S3 bucket:"
        " {legal: {bucket: mail, endpoint: https://s3.example.com, credentials_file: /etc/postward/s3}}, with prefix:"
        " (of the objects' names), region: and profile: (section of the credentials file) where they are needed.",
    )
    max_pending_bytes: int = key(
        "Bytes that may wait for one bucket; while there are as many, mail that would be archived is answered 451.",
        default=2 * 1024 * 1024 * 1024,
        least=1024 * 1024,
        most=1024 * 1024 * 1024 * 1024,
    )

# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects in an S3 store, tried with a server that is not ours."""

from __future__ import annotations

import pytest

from postward.app.courier.uploads import UploadCourier
from postward.spool.archive import UploadedArchive
from postward.spool.errors import SpoolError
from postward.spool.message_store import MessageStore
from postward.spool.s3 import Bucket, BucketSettings
from tests.s3_server import S3Server
from tests.unit.app.courier.parts import Log, Moment
from tests.unit.spool.kept import CONTENT, kept


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with S3Server(tmp_path_factory.mktemp("s3") / "log") as running:
        yield running


@pytest.fixture
def credentials(tmp_path):
    path = tmp_path / "credentials"
    path.write_text("[mail]\naws_access_key_id = key\naws_secret_access_key = secret\n")
    return path


def settings(server, credentials, bucket="mail-archive", **more):
    return BucketSettings(
        bucket=bucket, endpoint=server.endpoint, region="eu-central-1", credentials_file=credentials, profile="mail",
        **more,
    )  # fmt: skip


def test_a_copy_arrives_octet_for_octet_and_writing_it_again_does_no_harm(server, credentials):
    server.make_bucket("mail-archive")
    bucket = Bucket(settings(server, credentials, prefix="mx1/"))
    content = bytes(range(256)) * 1_000
    bucket.put("2026/a.eml", content)
    bucket.put("2026/a.eml", content)
    assert server.objects("mail-archive") == {"mx1/2026/a.eml": content}


def test_from_the_deposit_to_the_bucket(server, credentials, tmp_path):
    server.make_bucket("deposits")
    pending, log = MessageStore(tmp_path / "pending"), Log()
    UploadedArchive(pending).add(kept(kind="archive"), CONTENT)
    bucket = Bucket(settings(server, credentials, bucket="deposits"))
    UploadCourier("cold", pending, bucket, log.log, clock=Moment()).step()
    (content,) = server.objects("deposits").values()
    assert content.endswith(CONTENT)
    assert content.startswith(b"Return-Path: <alice@example.org>\r\n")
    assert pending.listing().messages == ()
    assert "event=archive.uploaded" in log.text
    log.close()


def test_a_bucket_that_is_not_there_is_told(server, credentials):
    with pytest.raises(SpoolError, match=r"s3://absent/a\.eml: .*NoSuchBucket"):
        Bucket(settings(server, credentials, bucket="absent")).put("a.eml", CONTENT)


def test_a_server_that_is_not_there_is_told(server, credentials):
    there = settings(server, credentials)
    gone = BucketSettings(
        bucket="x", endpoint="http://127.0.0.1:9", region="r", credentials_file=there.credentials_file
    )
    with pytest.raises(SpoolError, match=r"s3://x/a\.eml"):
        Bucket(gone).put("a.eml", CONTENT)


@pytest.mark.parametrize("text", [None, "[other]\naws_access_key_id = k\naws_secret_access_key = s\n", "rubbish"])
def test_credentials_that_cannot_be_used_are_told(server, tmp_path, text):
    path = tmp_path / "credentials"
    if text is not None:
        path.write_text(text)
    with pytest.raises(SpoolError, match=r"s3://mail-archive/a\.eml"):
        Bucket(settings(server, path)).put("a.eml", CONTENT)

# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.app.signing_settings import defers_on_unusable_key, dkim_signing_settings
from postward.config import load
from postward.signing.dkim_sign import DkimSigningSettings
from postward.signing.signed_fields import SignedFieldSettings


def config(tmp_path, text):
    path = tmp_path / "postward.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def test_the_defaults():
    settings = dkim_signing_settings(load(None))
    assert (settings.header_canonicalization, settings.body_canonicalization) == ("relaxed", "relaxed")
    assert {b"from", b"to", b"subject", b"date", b"reply-to", b"cc"} <= set(settings.fields.oversigned)
    assert b"list-unsubscribe" in settings.fields.oversigned_where_present
    assert (settings.fields.extra, settings.expires_after_s, settings.author_identity) == ((), None, False)
    assert defers_on_unusable_key(load(None))


def test_every_key_arrives(tmp_path):
    configured = config(
        tmp_path,
        "signing:\n  canonicalization: simple/relaxed\n  oversign: [From]\n  oversign_where_present: [Sender]\n"
        "  extra_fields: [X-Own]\n  expire_after_days: 3\n  author_identity: true\n  on_unusable_key: unsigned\n",
    )
    assert dkim_signing_settings(configured) == DkimSigningSettings(
        header_canonicalization="simple",
        body_canonicalization="relaxed",
        fields=SignedFieldSettings(oversigned=(b"from",), oversigned_where_present=(b"sender",), extra=(b"x-own",)),
        expires_after_s=259_200,
        author_identity=True,
    )
    assert not defers_on_unusable_key(configured)

# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from plugins.external_tag import external_tag
from postward.rules.api import AuthView, PrefixSubject, SetHeader, Tag
from postward.rules.message.stored import message_from
from postward.rules.plugins.definition import PluginError
from tests.plugins.context import Desk, mail

TAGGED = [Tag(name="external"), SetHeader(name="X-External", value="yes")]
WITH_PREFIX = {"subject_prefix": "[EXTERNAL] "}


def tagged(content, settings=None, auth=None, **envelope):
    message = message_from(content, **{"mail_from": "x@outside.example", "recipients": ["b@corp.example"], **envelope})
    if auth is not None:
        message = replace(message, auth=auth)
    return Desk(external_tag).call(message, **settings or {})


def test_mail_from_outside_gets_tag_and_field():
    assert tagged(mail(From="Ann <ann@outside.example>", Subject="Hi")) == TAGGED


def test_a_forged_author_of_ours_is_outside_all_the_same():
    content = mail(From="Boss <boss@corp.example>")
    assert tagged(content, mail_from="boss@corp.example", hosted=["corp.example"]) == TAGGED


def test_what_a_user_has_logged_in_to_send_is_never_outside():
    assert tagged(mail(From="me@private.example"), user="ann@corp.example", settings=WITH_PREFIX) == []


def test_mail_of_this_host_is_not_outside():
    message = replace(message_from(mail(From="root@corp.example"), mail_from="root@corp.example"), origin="local")
    assert Desk(external_tag).call(message) == []


def test_the_subject_is_marked_where_asked():
    assert tagged(mail(From="a@b.example", Subject="Hi"), WITH_PREFIX)[-1] == PrefixSubject(text="[EXTERNAL] ")


@pytest.mark.parametrize("content_type", [
    'multipart/signed; protocol="application/pkcs7-signature"; boundary=b',
    'multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b',
    "application/pkcs7-mime; smime-type=enveloped-data",
])  # fmt: skip
def test_what_is_signed_or_encrypted_gets_the_field_only(content_type):
    content = mail(From="a@b.example", Subject="Hi", Content_Type=content_type, body="--b\r\n\r\nx\r\n--b--\r\n")
    assert tagged(content, WITH_PREFIX) == TAGGED
    asked = {**WITH_PREFIX, "prefix_signed": True}
    assert tagged(content, asked)[-1] == PrefixSubject(text="[EXTERNAL] ")


def test_a_signed_message_in_a_list_is_not_signed_as_a_whole():
    content = mail(From="a@b.example", Content_Type="multipart/mixed; boundary=multipart/signed")
    assert tagged(content, WITH_PREFIX)[-1] == PrefixSubject(text="[EXTERNAL] ")


def test_a_field_that_is_right_stays_and_a_wrong_one_is_replaced():
    assert tagged(mail(From="a@b.example", X_External="yes")) == [Tag(name="external")]
    assert tagged(mail(From="a@b.example", x_external="no")) == TAGGED
    twice = b"X-External: yes\r\nX-External: yes\r\nFrom: a@b.example\r\n\r\n"
    assert tagged(twice) == TAGGED


def test_each_mark_can_be_left_out():
    assert tagged(mail(From="a@b.example"), {"tag": "", "header": ""}) == []


@pytest.mark.parametrize(("ip", "is_tagged"), [
    ("192.0.2.7", False), ("192.0.3.7", True), ("2001:db8::1", False), ("2001:db9::1", True), ("", True),
])  # fmt: skip
def test_trusted_networks(ip, is_tagged):
    settings = {"trusted_networks": ["192.0.2.0/24", "2001:db8::/32"]}
    assert bool(tagged(mail(From="a@b.example"), settings, ip=ip)) is is_tagged


def test_behind_a_relay_the_host_counts_that_it_had_the_mail_from():
    settings = {"trusted_networks": ["192.0.2.0/24"]}
    message = message_from(mail(From="a@b.example"), ip="192.0.2.7")
    relayed = replace(
        message, client=replace(message.client, origin=message_from(b"", ip="203.0.113.1").client.address)
    )
    assert Desk(external_tag).call(relayed, **settings) == TAGGED


@pytest.mark.parametrize(("author", "dmarc", "is_tagged"), [
    ("a@Partner.example", "pass", False),
    ("a@partner.example", "fail", True),
    ("a@partner.example", "", True),
    ("a@evil-partner.example", "pass", True),
    ("a@partner.example, b@outside.example", "pass", True),
    ("", "pass", True),
])  # fmt: skip
def test_partners_are_trusted_where_dmarc_passes(author, dmarc, is_tagged):
    settings = {"partner_domains": ["partner.example"]}
    assert bool(tagged(mail(From=author), settings, auth=AuthView(dmarc=dmarc))) is is_tagged


def test_a_network_that_is_none_is_refused():
    with pytest.raises(PluginError, match="host bits"):
        tagged(mail(From="a@b.example"), {"trusted_networks": ["192.0.2.1/24"]})

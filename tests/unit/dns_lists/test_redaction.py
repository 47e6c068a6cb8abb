# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

from postward.dns_lists.presets.all_presets import PRESETS
from postward.dns_lists.redaction import redacted

KEYED = replace(PRESETS["spamhaus_zen_dqs"], key="s3cretKEY")


def test_a_key_is_taken_out_of_any_text_in_whatever_letters():
    text = "2.0.0.127.s3cretkey.zen.dq.spamhaus.net, S3CRETKEY and s3cretKEY"
    assert redacted(text, (KEYED,)) == "2.0.0.127.(key).zen.dq.spamhaus.net, (key) and (key)"


def test_a_zone_does_not_show_its_key():
    assert KEYED.suffix == "s3cretKEY.zen.dq.spamhaus.net"
    assert "s3cret" not in repr(KEYED)


def test_without_keys_nothing_is_taken_out():
    assert redacted("all of it", PRESETS.values()) == "all of it"

# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.model.identity import EVERYBODY, OWN_KINDS, Identity, IdentityKind


def test_an_identity_is_written_with_its_kind():
    assert str(Identity(IdentityKind.NETWORK, "192.0.2.0/24")) == "net:192.0.2.0/24"


def test_everybody_has_no_name():
    assert str(EVERYBODY) == "all"


def test_words_for_kinds_are_told_apart():
    assert len({kind.value for kind in IdentityKind}) == len(IdentityKind)
    assert IdentityKind.IP not in OWN_KINDS

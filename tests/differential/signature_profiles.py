# SPDX-License-Identifier: GPL-3.0-or-later
"""What each peer is not asked about, for it is known to judge otherwise; README.md has the reasons."""

from __future__ import annotations

MAILAUTH_DKIM = frozenset({"signed in the future", "l= beyond the body", "i= with what no atom can hold"})
MAILAUTH_ARC = frozenset({"h= is empty", "a tag of a message signature stands twice"})

_MAIL_DKIM = frozenset({
    "Ed25519",
    "From is not signed",
    "a key record is wrong",
    "a list with white space",
    "k= in capitals",
    "no CRLF at the end",
    "one octet of a key record is changed",
    "one octet of a signature is changed",
})  # fmt: skip
MAIL_DKIM_DKIM = _MAIL_DKIM | {
    "U-label",
    "a tag is wrong",
    "i= is folded",
    "l= beyond the body",
    "l= is zero",
    "l= with an empty body",
    "signed in the future",
}
MAIL_DKIM_ARC = _MAIL_DKIM | {
    "ARC fields are signed",
    "a message signature has expired",
    "a tag of DKIM in a seal",
    "a tag of a message signature is wrong",
    "a tag of a message signature stands twice",
    "a tag of a seal is wrong",
    "an odd beginning of the results",
    "cv= in capitals",
    "white space around values",
}

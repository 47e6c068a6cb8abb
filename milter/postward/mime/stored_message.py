# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a stored message as an MTA would have handed it over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.model.header import HeaderField

if TYPE_CHECKING:
    from postward.model.transaction import Transaction

_FIELD = re.compile(rb"([!-9;-~]+[ \t]*):(.*)", re.DOTALL)
_CRLF = b"\r\n"


def take_message(transaction: Transaction, content: bytes) -> None:
    """Put the header fields and the body of a stored message into the transaction.

    Lines may end in LF (a file on disk) or in CRLF (as sent); LF alone ends a line wherever it stands, and CR alone
    is data, as in Postfix.  An mbox separator in front is skipped.  A line that is no header field ends the header.
    """
    content = _with_crlf(content)
    # RFC 5322 section 4.5: white space may stand before the colon, so "From :" is a field.
    if content.startswith(b"From ") and not _FIELD.match(content):
        content = content.partition(_CRLF)[2]
    position = 0
    while position < len(content):
        end = _field_end(content, position)
        field = _FIELD.fullmatch(content, position, end)
        if field is None:
            break
        transaction.fields.append(HeaderField(field.group(1), field.group(2)))
        position = end + 2
    if content.startswith(_CRLF, position):
        position += 2
    transaction.body.append(content[position:])


def _with_crlf(content: bytes) -> bytes:
    if content.count(b"\n") == content.count(_CRLF):
        return content
    return content.replace(_CRLF, b"\n").replace(b"\n", _CRLF)


def _field_end(content: bytes, start: int) -> int:
    """Find the CRLF that ends the field, which is the first one that no white space follows."""
    end = content.find(_CRLF, start)
    while end != -1 and content[end + 2 : end + 3] in (b" ", b"\t"):
        end = content.find(_CRLF, end + 2)
    return len(content) if end == -1 else end

# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.authn.dmarc.author_tokens import AuthorSyntaxError, TokenKind, tokenize


def test_kinds_and_gaps():
    tokens = tokenize('A (c) "b c"<[1.2]>\r\n ,=?x?q?y?=')
    assert [(token.kind, token.text, token.gap_before) for token in tokens] == [
        (TokenKind.ATOM, "A", False),
        (TokenKind.QUOTED, '"b c"', True),
        (TokenKind.SPECIAL, "<", False),
        (TokenKind.LITERAL, "[1.2]", False),
        (TokenKind.SPECIAL, ">", False),
        (TokenKind.SPECIAL, ",", True),
        (TokenKind.ATOM, "=?x?q?y?=", False),
    ]


def test_a_quoted_parenthesis_does_not_end_a_comment():
    assert [token.text for token in tokenize(r"(a \) (b) c) d")] == ["d"]


@pytest.mark.parametrize(
    "text", ['"a', "(a", "[a", "a)", "\\a", "a\x00", "a\x7f", "a\r b", "a\nb", "(" * 17 + ")" * 17]
)
def test_refused(text):
    with pytest.raises(AuthorSyntaxError):
        tokenize(text)

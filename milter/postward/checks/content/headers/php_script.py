# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail from a script of a web site, as PHP's mail.add_x_header tells of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from postward.checks.content.content_check import ContentCheck
from postward.checks.content.headers.quoting import shown
from postward.model.symbol import Finding, SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postward.checks.content.letter import Letter

_KEYS = (b"x-php-originating-script", b"x-php-script", b"x-source-args", b"x-php-filename")
_MAX_BYTES = 500
_WHERE_NO_SCRIPT_IS = re.compile(
    rb"eval\(\)'d|/(?:uploads|cache|tmp|images|img|css|fonts|js|\.well-known)/[^ ?]{0,100}\.php|"
    rb"\b(?:[0-9a-f]{12,40}|[a-z]{1,2}\d{0,2}|alexus|leaf|mailer[0-9]|wso|shell|priv8|xleet)\.php",
    re.IGNORECASE,
)

SUSPICIOUS = SymbolDefinition(
    name="PHP_SCRIPT_SUSPICIOUS",
    score=0.5,
    group="headers",
    meaning="the message was sent by a script of a web site that looks planted there",
)


def _find(letter: Letter) -> Iterator[Finding]:
    for key in _KEYS if letter.headers.has_any(_KEYS) else ():
        field = letter.headers.first(key)
        if field is None:
            continue
        # "shop.example/path/send.php for 192.0.2.1", "1000:mail.php".
        script = field.value[:_MAX_BYTES].strip()
        if _WHERE_NO_SCRIPT_IS.search(script):
            yield Finding(SUSPICIOUS.name, shown(script))
            return


CHECK = ContentCheck(name="php_script", symbols=(SUSPICIOUS,), find=_find)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Text in the language of man pages, man(7): escaped, so that groff and mandoc show what is meant, without warnings."""

from __future__ import annotations

import os
import re
import textwrap
from datetime import UTC, datetime

from postward import __version__

_WIDTH = 78
_SPECIAL = {
    "\\": r"\e",
    # A hyphen that stays one when it is copied; so with the others, which typesetting would make prettier.
    "-": r"\-",
    "'": r"\(aq",
    "`": r"\(ga",
    "^": r"\(ha",
    "~": r"\(ti",
    '"': r"\(dq",
}
_PLAIN = ".nh\n.ad l\n"
"""Names of keys and options stand unbroken, and lines as wide as they come."""
_MAY_BREAK = "\\:"
_CODE = re.compile(r"`([^`]+)`")
_PARAGRAPH_FIRST = re.compile(r"(?m)^(\.S[HS] .*\n)\.PP\n")
_PLACEHOLDER = re.compile(r"(?<![\w./-])([A-Z][A-Z0-9|_-]*[A-Z0-9])(?![\w/])")


def escaped(text: str) -> str:
    """``text`` as it is shown, character by character."""
    return "".join(_SPECIAL.get(char, char if char.isascii() else f"\\[u{ord(char):04X}]") for char in text)


def bold(text: str) -> str:
    """What is typed as it stands."""
    return f"\\fB{escaped(text)}\\fR"


def italic(text: str) -> str:
    """What stands for something else; a row of words to choose from may break."""
    return f"\\fI{escaped(text).replace('|', '|' + _MAY_BREAK)}\\fR"


def inline(text: str) -> str:
    """A sentence; what stands between backticks is typed as it stands."""
    parts = _CODE.split(text)
    return "".join(bold(part) if index % 2 else escaped(part) for index, part in enumerate(parts))


def called(text: str) -> str:
    """A call: its words as they are typed, what stands for something else in capitals and italics."""
    return "".join(
        italic(part) if index % 2 else bold(part) for index, part in enumerate(_PLACEHOLDER.split(text)) if part
    )


def lines(text: str) -> str:
    """Break long text, of which no line may look like a request."""
    broken = textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
    return "".join(f"\\&{line}\n" if line[:1] in {".", "'"} else f"{line}\n" for line in broken)


def page(*parts: str) -> str:
    """A whole page: a section begins with its text, not with the mark of another paragraph."""
    return _PARAGRAPH_FIRST.sub(r"\1", "".join(parts))


def title(name: str, section: int) -> str:
    """The head of a page."""
    comment = '.\\" Made by packaging/generate.py from the program itself.\n'
    return (
        f'{comment}.TH "{escaped(name.upper())}" "{section}" "{_day()}" "Postward {__version__}" "Postward"\n{_PLAIN}'
    )


def heading(text: str) -> str:
    """A section of a page."""
    return f".SH {_argument(text)}\n"


def sub_heading(text: str) -> str:
    """A section of a section."""
    return f".SS {_argument(text)}\n"


def paragraph(text: str) -> str:
    """Sentences that stand by themselves."""
    return f".PP\n{lines(inline(text))}"


def paragraphs(text: str) -> str:
    """Several of them, parted by empty lines."""
    return "".join(paragraph(each) for each in text.split("\n\n"))


def entry(term: str, text: str) -> str:
    """A term, which is roff already, and behind it what it means."""
    return f".TP\n{term}\n{lines(inline(text))}"


def page_reference(name: str, section: int) -> str:
    """The name of another page."""
    return f"{bold(name)}({section})"


def page_references(*pages: tuple[str, int]) -> str:
    """What a page ends with."""
    return ",\n".join(page_reference(*each) for each in pages) + "\n"


def _argument(text: str) -> str:
    return f'"{escaped(text)}"'


def _day() -> str:
    """That of the sources where whoever builds a package says so (reproducible-builds.org), else today's."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    return moment.date().isoformat()

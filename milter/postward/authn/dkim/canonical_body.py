# SPDX-License-Identifier: GPL-3.0-or-later
"""Body canonicalisation, simple and relaxed, piece by piece (RFC 6376 sections 3.4.3 and 3.4.4).

Where one piece ends and the next begins makes no difference to the result.  Lines end with CRLF; CR or LF alone are
data like any other octet.
"""

from __future__ import annotations

_LARGE_BYTES = 8192
_FEW_SPACES = 16
_SAMPLE_BYTES = 2048
_MANY_RUNS = 32
_MARK = b"\0"


class SimpleBody:
    """Nothing changes but the end: empty lines there are dropped, and a missing CRLF is added."""

    def __init__(self) -> None:
        self._started = False
        self._line_ends = 0
        self._carry = b""

    def update(self, chunk: bytes) -> bytes:
        """Take the next piece; the answer is what is now certain to belong to the canonical body."""
        return self._without_last_line_ends(self._complete(chunk))

    def finish(self) -> bytes:
        """The rest; nothing may follow."""
        rest = self._release(self._carry) if self._carry else b""
        # RFC 6376 section 3.4.3: an empty body becomes a single CRLF, and a body ends in exactly one.
        return rest + b"\r\n"

    def _complete(self, chunk: bytes) -> bytes:
        """Join what was kept back, and keep back a CR at the end, whose LF may stand in the next piece."""
        if self._carry:
            chunk = self._carry + chunk
            self._carry = b""
        if chunk.endswith(b"\r"):
            self._carry = b"\r"
            chunk = chunk[:-1]
        return chunk

    def _without_last_line_ends(self, chunk: bytes) -> bytes:
        """Hold the CRLFs at the end of ``chunk`` back as a number, until something follows them."""
        content_length = _length_without_last_line_ends(chunk)
        line_ends = (len(chunk) - content_length) // 2
        if not content_length:
            self._line_ends += line_ends
            return b""
        content = chunk[:content_length] if line_ends else chunk
        released = self._release(content)
        self._line_ends = line_ends
        return released

    def _release(self, content: bytes) -> bytes:
        held = b"\r\n" * self._line_ends
        self._line_ends = 0
        self._started = True
        return held + content if held else content


class RelaxedBody(SimpleBody):
    """Runs of white space become one space, and none is left at the end of a line."""

    def finish(self) -> bytes:
        """The rest; nothing may follow."""
        # White space before the end of the body stands at the end of a line: the CRLF is missing and will be added.
        self._carry = self._carry.removesuffix(b" ")
        rest = self._release(self._carry) if self._carry else b""
        # RFC 6376 section 3.4.4: a body without content has a null canonical form.
        return rest + b"\r\n" if self._started else b""

    def _complete(self, chunk: bytes) -> bytes:
        """Reduce white space; keep back what may turn out to stand at the end of a line."""
        chunk = super()._complete(chunk)
        if b"\t" in chunk:
            chunk = chunk.replace(b"\t", b" ")
        if b" " not in chunk:
            return chunk
        chunk = _reduce(chunk)
        if chunk.endswith(b" "):
            self._carry = b" " + self._carry
            chunk = chunk[:-1]
        return b"\r\n".join(chunk.split(b" \r\n"))


def _reduce(chunk: bytes) -> bytes:
    """Make every run of spaces one space; most bodies have none and come back as they are."""
    if not _has_run(chunk):
        return chunk
    if chunk.count(b"  ", 0, _SAMPLE_BYTES) > _MANY_RUNS and _MARK not in chunk:
        # What is not to stay is marked in place, and taken out at once.
        marked = chunk.replace(b"  ", b" " + _MARK).replace(_MARK + b" ", _MARK + _MARK)
        return marked.translate(None, _MARK)
    # Where runs are rare, this is the fastest; each turn halves them, so that a run of a million spaces takes twenty.
    while len(pieces := chunk.split(b"  ")) > 1:
        chunk = b" ".join(pieces)
    return chunk


def _has_run(chunk: bytes) -> bool:
    """Tell whether two spaces follow each other: from space to space where they are few, as in an attachment."""
    position = -1
    if len(chunk) >= _LARGE_BYTES:
        for _ in range(_FEW_SPACES):
            position = chunk.find(b" ", position + 1)
            if position < 0:
                return False
            if chunk.startswith(b" ", position + 1):
                return True
    return chunk.find(b"  ", max(position, 0)) >= 0


def _length_without_last_line_ends(chunk: bytes) -> int:
    """Length of ``chunk`` without the CRLFs at its end, in time proportional to their number."""
    if not chunk.endswith(b"\r\n"):
        return len(chunk)
    base = len(chunk.rstrip(b"\r\n"))
    # What follows is CR and LF only; pairs stand in order from behind the last two equal octets on.
    disorder = max(chunk.rfind(b"\r\r", base), chunk.rfind(b"\n\n", base))
    start = disorder + 1 if disorder >= 0 else base
    return start if chunk[start : start + 1] == b"\r" else start + 1

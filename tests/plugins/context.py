"""What the tests of plugins hand to a plugin, and what they ask."""

from __future__ import annotations

from postward.errors import DirectoryUnavailable, TemporaryFailure
from postward.rules.counted_here import CountedHere
from postward.rules.message.static_directory import StaticDirectory


class TestedContext:
    """See ``rules.plugins.context.Context``."""

    __test__ = False

    def __init__(self, *, profiles=(), people=None, directory_fails=False, rates_fail=False, remaining_s=5.0):
        self._directory = StaticDirectory(profiles=profiles, people=people)
        self._directory_fails = directory_fails
        self._rates_fail = rates_fail
        self._rates = CountedHere()
        self.now_s = 1_000_000_000.0
        self.remaining_s = remaining_s
        self.logged = []
        self.counted = []

    @property
    def directory(self):
        return self

    def profile(self, address):
        if self._directory_fails:
            raise DirectoryUnavailable("nobody is there")
        return self._directory.profile(address)

    def rate(self, key, *, window_s, windows=1):
        if self._rates_fail:
            raise TemporaryFailure("nobody counts")
        self.counted.append(key)
        return self._rates.count(key, windows=windows, window_s=window_s, now_s=self.now_s)

    def log(self, text):
        self.logged.append(text)


def mail(**fields):
    """Octets of a message with these header fields; ``body`` and ``_`` in names for dashes."""
    body = fields.pop("body", "Hello\r\n")
    header = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"{header}\r\n{body}".encode()

# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.rule_directory import rule_directory
from postward.directory.directory import Directory
from postward.directory.source import SourceFailure
from postward.directory.table import Table
from postward.errors import DirectoryUnavailable
from tests.unit.directory.records import EXAMPLE_COM, EXAMPLE_ORG, SILENT


class Broken:
    """A source that answers no question."""

    name = "broken"
    is_immediate = False

    def fail(self, *_arguments):
        raise SourceFailure("broken")

    domain = recipient = sender = networks = profile = people = fail

    def close(self):
        pass


@pytest.fixture
def asked():
    return rule_directory(Directory([Table([EXAMPLE_COM, EXAMPLE_ORG, SILENT])]))


@pytest.mark.parametrize(
    ("domain", "hosted"), [("example.com", True), ("EXAMPLE.COM", True), ("example.net", False), ("", False)]
)
def test_whether_a_domain_is_ours(asked, domain, hosted):
    assert asked.is_hosted(domain) is hosted


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("alice+x@example.com", True),
        ("mallory@example.com", False),
        ("anybody@silent.example", None),
        ("anybody@example.net", None),
    ],
)
def test_whether_a_recipient_exists(asked, address, known):
    assert asked.knows(address) is known


def test_a_profile(asked):
    assert asked.profile("Bob+x@example.com").groups >= {"support", "support@example.com"}
    assert asked.profile("mallory@example.com") is None


@pytest.mark.parametrize("directory", [None, Directory()])
def test_without_a_directory_nothing_is_known(directory):
    nothing = rule_directory(directory)
    assert nothing.is_hosted("example.com") is None
    assert nothing.knows("alice@example.com") is None
    assert nothing.profile("alice@example.com") is None
    assert nothing.people() == ()


@pytest.mark.parametrize(
    "question",
    [
        lambda rules: rules.is_hosted("example.com"),
        lambda rules: rules.knows("alice@example.com"),
        lambda rules: rules.profile("alice@example.com"),
        lambda rules: rules.people(),
    ],
)
def test_a_directory_that_fails_says_so(question):
    directory = Directory([Broken()])
    with pytest.raises(DirectoryUnavailable):
        question(rule_directory(directory))
    directory.close()

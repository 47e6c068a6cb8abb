# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of keys, events and files that stand in the documentation are those of what is there."""

from __future__ import annotations

import re

import pytest

from postward.config.schema.root import RootSection
from postward.config.schema.section import Section
from tests.docs.pages import ROOT, inline_code, pages, text_of

PAGES = pages()
DOTTED = re.compile(r"[a-z_]+(?:\.[a-z_0-9]+)+")
FOLDERS = ("tests/", "packaging/", "conf/", "docs/", "milter/postward/")
# Ends of names that are files, folders or hosts, and no keys.
ENDINGS = (".d", ".damaged", ".md", ".yaml", ".conf", ".py", ".org", ".service", ".log", ".sock")


def configuration_keys(section=RootSection, lead=""):
    """Every key of the configuration by its whole name, sections too."""
    for name, field in section.model_fields.items():
        yield f"{lead}{name}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            yield from configuration_keys(field.annotation, f"{lead}{name}.")


KEYS = set(configuration_keys())
EVENTS = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", text_of("docs/log-events.md")))
CONDITIONS = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", text_of("docs/rules-reference.md")))
# Maps whose entries operators name.
FREE = (
    "routes.",
    "scoring.weights.",
    "scoring.composites.",
    "archive.stores.",
    "notify.templates.",
    "quotas.overrides.",
)


@pytest.mark.parametrize("page", PAGES)
def test_dotted_names(page):
    """Of a section of the configuration, or else an event of the log, or a condition of rules."""
    sections = {key for key in KEYS if "." not in key}
    unknown = [
        (f"{page}:{line}", code)
        for line, code in inline_code(page)
        if DOTTED.fullmatch(code) and code.partition(".")[0] in sections and not code.endswith(ENDINGS)
        if code not in KEYS | EVENTS | CONDITIONS and not code.startswith(FREE)
    ]
    assert unknown == []


@pytest.mark.parametrize("page", PAGES)
def test_files_of_the_project(page):
    """Pages on how to add something name files that are still to be made."""
    if page.startswith("docs/contributing/"):
        return
    missing = [
        (f"{page}:{line}", code)
        for line, code in inline_code(page)
        if code.startswith(FOLDERS) and not re.search(r"[ *<>{}]|[A-Z]{3,}", code.split("::")[0])
        if not (ROOT / code.split("::")[0]).exists()
    ]
    assert missing == []


def test_the_keys_are_found():
    assert {"message.deadline_s", "quotas.login.burst", "redis.url", "dmarc.exempt.networks"} <= KEYS

# SPDX-License-Identifier: GPL-3.0-or-later
"""Configuration and zone files: whatever stands in them, the faults come out with file and line, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import strategies as st

from postward.config import load, load_mapping
from postward.config.schema.root import RootSection
from postward.config.schema.section import Section
from postward.dns.answer import RecordType
from postward.dns.zone import ZoneLookup
from postward.errors import ConfigErrors, UsageError
from tests.fuzz.effort import fuzz
from tests.fuzz.grammar import EDITS, NAMES, TEXT, edited

REFERENCE = re.sub(
    r"(?m)^( *)#(?=[a-z])", r"\1", (Path(__file__).parents[2] / "conf" / "postward.yaml").read_text(encoding="utf-8")
).encode()
"""The reference configuration with every key set."""
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXT, st.sampled_from(["0660", "10.0.0.0/8",
    "unix:/x"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=5,
)  # fmt: skip
SYNTAX = st.lists(
    st.one_of(
        st.sampled_from([
            *"\n\t:-?[]{},#&*!|>'\"%@`~ ", "\n  ", "\n- ", "a: ", "mode: ", "dns:\n  ", "&a ", "*a", "<<: *a",
            "---\n", "...\n",
            "!!python/object:os.system ", "!!binary ", "\u2028", "\ufeff", "\x00", "\x85", "? ", "1e999", "0x1F",
            "1_000", ".inf",
            "\\uD800", "- [" * 30, "{a: " * 30, "|\n  x\n", "%YAML 1.2\n", "=",
        ]),
        TEXT,
    ),
    max_size=14,
).map("".join)  # fmt: skip


def sections(section: type[Section]) -> st.SearchStrategy[dict[str, object]]:
    """A mapping with keys of the schema and values of any kind."""
    keys = {}
    for name, field in section.model_fields.items():
        below = field.annotation
        is_section = isinstance(below, type) and issubclass(below, Section)
        keys[name] = st.one_of(sections(below), VALUES) if is_section else VALUES
    return st.fixed_dictionaries({}, optional=keys)


def written(value: object) -> bytes:
    return yaml.safe_dump(value, allow_unicode=True).encode("utf-8", "surrogatepass")


TEXTS = st.one_of(
    EDITS.map(lambda edits: edited(REFERENCE, edits)),
    sections(RootSection).map(written),
    SYNTAX.map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.binary(max_size=200),
)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("configuration") / "hostile.yaml"


def check_faults(caught: ConfigErrors, path: Path) -> None:
    # YAML has more line ends than others: U+0085, U+2028 and U+2029.
    lines = len(path.read_bytes().decode("utf-8", "replace").splitlines()) + 2
    for error in caught.errors:
        assert error.path == str(path)
        assert 1 <= error.line <= lines, error
        assert str(error).isprintable()
        assert len(str(error)) < 5_000


def test_the_reference_with_every_key_set_is_good(path):
    path.write_bytes(REFERENCE)
    load(path)


@fuzz(text=TEXTS, share=2)
def test_any_configuration(path, text):
    path.write_bytes(text)
    try:
        load(path, symbols=frozenset({"SPF_PASS"}))
    except ConfigErrors as caught:
        check_faults(caught, path)


TYPE_NAMES = [*map(str, RecordType), "SPF", "SRV", ""]
RECORDS = st.one_of(
    st.dictionaries(st.sampled_from(TYPE_NAMES), st.one_of(VALUES, NAMES, st.ip_addresses().map(str),
    st.just("TIMEOUT"), st.tuples(st.integers(), NAMES).map(list)), max_size=2),
    st.sampled_from(["TIMEOUT", "SERVFAIL", "NONE"]),
    VALUES,
)  # fmt: skip
ZONES = st.one_of(
    st.dictionaries(NAMES, st.one_of(st.lists(RECORDS, max_size=4), RECORDS), max_size=5).map(written),
    SYNTAX.map(lambda text: text.encode("utf-8", "surrogatepass")),
)


@fuzz(text=ZONES, name=NAMES, record_type=st.sampled_from(list(RecordType)), share=2)
def test_any_zone_file(path, text, name, record_type):
    path.write_bytes(text)
    try:
        zone = load_mapping(path)
    except ConfigErrors as caught:
        check_faults(caught, path)
        return
    try:
        lookup = ZoneLookup(zone)
    except UsageError:
        return
    for asked in (name, *map(str, zone)):
        answer = lookup(asked, record_type)
        assert bool(answer.records) == (answer.outcome == "ok")

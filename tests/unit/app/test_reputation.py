# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.compose import public_suffixes
from postward.app.reputation import load_asn_table, make_lineage, reputation_settings
from postward.config import load
from postward.errors import ConfigErrors
from postward.model.identity import Identity, IdentityKind


@pytest.fixture
def configured(tmp_path):
    def write(lines=""):
        path = tmp_path / "postward.yaml"
        path.write_text(lines, encoding="utf-8")
        return load(path)

    return write


@pytest.mark.parametrize(
    ("lines", "most"),
    [
        ("", 4.0),
        ("scoring: {junk_threshold: 8}", 4.0),
        ("scoring: {suspect_threshold: 1, junk_threshold: 2}", 1.6),
        ("reputation: {max_penalty: 7}", 7.0),
        ("reputation: {max_penalty: 0}", 0.0),
    ],
)
def test_nobody_is_junk_for_his_name_alone_unless_that_is_wanted(configured, lines, most):
    assert reputation_settings(configured(lines)).opinion.max_penalty == pytest.approx(most)


def test_what_a_message_teaches_follows_the_operators_thresholds(configured):
    label = reputation_settings(configured("scoring: {suspect_threshold: 4, junk_threshold: 9}")).label
    assert (label.suspect_threshold, label.junk_threshold) == (4, 9)
    label = reputation_settings(configured("scoring: {junk_threshold: 2}")).label
    assert label.suspect_threshold <= label.junk_threshold


def test_a_table_is_read_where_one_is_named(configured, tmp_path):
    table = tmp_path / "asn.tsv"
    table.write_text("192.0.2.0 24 64500\n", encoding="ascii")
    found = load_asn_table(configured(f"reputation: {{asn_table: {table}}}"))
    chain = make_lineage(public_suffixes, found).chain(Identity(IdentityKind.IP, "192.0.2.1"))
    assert Identity(IdentityKind.ASN, "64500") in chain
    assert load_asn_table(configured()) is None
    assert load_asn_table(configured(f"reputation: {{enabled: false, asn_table: {table}}}")) is None


def test_a_table_that_cannot_be_read_is_a_fault_in_its_line(configured, tmp_path):
    table = tmp_path / "asn.tsv"
    with pytest.raises(ConfigErrors, match=r"postward.yaml:2: reputation.asn_table: .* cannot be read: No such file"):
        load_asn_table(configured(f"reputation:\n  asn_table: {table}\n"))
    table.write_text("nonsense\n", encoding="ascii")
    with pytest.raises(ConfigErrors, match=r"postward.yaml:2: reputation.asn_table: .* line 1 is neither"):
        load_asn_table(configured(f"reputation:\n  asn_table: {table}\n"))


def test_domains_of_customers_are_kept_apart():
    lineage = make_lineage(public_suffixes)
    assert lineage.organization("mail.good.github.io") == Identity(IdentityKind.ORGANIZATION, "good.github.io")
    assert lineage.organization("co.uk") is None

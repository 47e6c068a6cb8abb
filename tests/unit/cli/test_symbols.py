# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from postward.cli.main import postward
from postward.errors import ConfigErrors, UsageError

COMPOSITES = """\
    FORGED_AND_UNSIGNED:
      when: DMARC_FAIL_NONE & !(DKIM_PASS | SPF_PASS)
      score: 1.5
      meaning: nobody vouches for it
      replaces: [DKIM_NONE]
"""


@pytest.fixture
def symbols(tmp_path):
    """Runs the command with a configuration that has this section ``scoring``, and one hosted domain."""
    (tmp_path / "domains.d").mkdir()
    (tmp_path / "domains.d" / "example.com.yaml").write_text(
        "domain: example.com\nsettings: {weights: {SPF_FAIL: 4.0, SA_BAYES_99: 2}}\n"
    )

    def run(*arguments, scoring=""):
        config = tmp_path / "postward.yaml"
        config.write_text(f"directory: {{domains_dir: {tmp_path}/domains.d}}\nscoring:\n  junk_threshold: 5\n{scoring}")
        result = CliRunner().invoke(postward, ["symbols", "--config", str(config), *arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.output

    return run


def found(output, name):
    (line,) = (line for line in json.loads(output)["symbols"] if line["name"] == name)
    return line


def test_each_symbol_stands_with_weight_origin_and_meaning(symbols):
    lines = symbols().splitlines()
    (spf,) = (line.split(maxsplit=3) for line in lines if " SPF_FAIL " in line)
    assert spf == [
        "+2.00",
        "SPF_FAIL",
        "default",
        "the envelope sender's domain says that the client may not send for it",
    ]
    assert lines[0].split() == ["weight", "symbol", "origin", "meaning"]
    assert lines[1:3] == ["", "spf"]


def test_every_symbol_has_a_meaning_that_can_stand_in_a_header_field(symbols):
    listed = json.loads(symbols("--json"))["symbols"]
    assert len({line["name"] for line in listed}) == len(listed)
    for line in listed:
        assert line["meaning"].isascii()
        assert line["meaning"].isprintable()
        assert 5 < len(line["meaning"]) <= 200
        assert not line["meaning"].endswith(".")
        assert line["group"].islower()


def test_what_the_configuration_weighs_otherwise_is_told_as_such(symbols):
    line = found(symbols("--json", scoring="  weights: {SPF_FAIL: 2.5}\n"), "SPF_FAIL")
    assert (line["weight"], line["default_weight"], line["origin"]) == (2.5, 2.0, "configuration")


def test_what_a_domain_weighs_otherwise_counts_more(symbols):
    output = symbols("--json", "--domain", "Example.COM", scoring="  weights: {SPF_FAIL: 2.5, SPF_NONE: 1}\n")
    assert (found(output, "SPF_FAIL")["weight"], found(output, "SPF_FAIL")["origin"]) == (4.0, "domain")
    assert found(output, "SPF_NONE")["origin"] == "configuration"
    assert found(output, "SA_BAYES_99")["group"] == "scanners"


def test_composites_stand_with_their_condition(symbols):
    scoring = f"  composites:\n{COMPOSITES}"
    line = found(symbols("--json", scoring=scoring), "FORGED_AND_UNSIGNED")
    assert (line["weight"], line["origin"], line["is_composite"]) == (1.5, "configuration", True)
    assert (line["when"], line["replaces"]) == ("DMARC_FAIL_NONE & !(DKIM_PASS | SPF_PASS)", ["DKIM_NONE"])
    assert "when DMARC_FAIL_NONE & !(DKIM_PASS | SPF_PASS); then nothing counts of DKIM_NONE\n" in symbols(
        scoring=scoring
    )


def test_one_group_can_be_shown_alone_with_its_cap(symbols):
    lines = symbols("--group", "dkim", scoring="  group_caps: {dkim: 1.5}\n").splitlines()
    assert lines[2] == "dkim (together 1.5 at most against a message)"
    assert all(" DKIM_" in line for line in lines[3:])
    assert json.loads(symbols("--group", "dkim", "--json", scoring="  group_caps: {dkim: 1.5}\n"))["group_caps"] == {
        "dkim": 1.5
    }


def test_a_group_that_is_not_there_is_said_with_those_that_are(symbols):
    with pytest.raises(UsageError, match=r"there is no 'dkimm'; there are .*dkim"):
        symbols("--group", "dkimm")


def test_a_domain_that_is_not_hosted_is_said(symbols):
    with pytest.raises(UsageError, match=r"'other\.example' is not hosted here"):
        symbols("--domain", "other.example")


def test_a_configuration_with_faults_is_told(symbols):
    with pytest.raises(ConfigErrors):
        symbols(scoring="  composites: {A_B_C: {when: 'NO_SUCH', score: 1, meaning: m}}\n")

# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_address

import pytest

from postward.app.compose import make_pipeline
from postward.app.outbound import load_own_keys
from postward.app.scanning import ScanRequest, scan_message
from postward.config import load
from postward.directory.directory import Directory
from postward.dns.zone import ZoneLookup
from tests.bench.corpus import Corpus, standard_mix
from tests.bench.large import large_corpus

_NOW_S = 1_795_500_000.0


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return standard_mix()


def found_in(corpus: Corpus) -> list[dict[str, str]]:
    """Judge every message with the zone of the corpus."""
    config, lookup = load(None), ZoneLookup(corpus.zone)
    pipeline = make_pipeline(config, load_own_keys(config), Directory(), mark=None)
    found = []
    for message in corpus.messages:
        request = ScanRequest(address=ip_address(message.client), helo=message.helo, mail_from=message.mail_from)
        facts = scan_message(message.content, request, pipeline, lookup, now_s=_NOW_S).facts
        found.append(
            {
                "spf": facts.spf.status.value,
                "dkim": facts.dkim[0].status.value if facts.dkim else "none",
                "dmarc": facts.dmarc.status.value,
                "arc": facts.arc.status.value,
            }
        )
    return found


def test_what_is_in_it(corpus: Corpus) -> None:
    counts = corpus.expected_counts()
    assert len(corpus.messages) == 60
    assert (counts["dkim", "pass"], counts["spf", "pass"], counts["dmarc", "pass"]) == (48, 54, 60)
    assert 30_000 < sum(len(message.content) for message in corpus.messages) / 60 < 50_000


def test_its_zone_vouches_for_what_is_expected(corpus: Corpus) -> None:
    assert found_in(corpus) == [message.expected for message in corpus.messages]


def test_every_message_may_have_a_domain_of_its_own() -> None:
    corpus = standard_mix(3, domains=3)
    assert len({message.mail_from.partition("@")[2] for message in corpus.messages}) == 3
    assert found_in(corpus) == [message.expected for message in corpus.messages]


def test_files_hold_envelope_and_message(corpus: Corpus, tmp_path) -> None:
    first = corpus.write(tmp_path / "new")[0]
    envelope, message = first.read_bytes().split(b"Received: ", 1)
    assert envelope.splitlines()[0] == b"#! client 198.51.100.10"
    assert b"Received: " + message == corpus.messages[0].content


def test_large_messages() -> None:
    corpus = large_corpus(200_000)
    assert [150_000 < len(message.content) < 220_000 for message in corpus.messages] == [True, True]
    assert found_in(corpus) == [message.expected for message in corpus.messages]

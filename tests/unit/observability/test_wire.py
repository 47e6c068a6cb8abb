# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.observability.channel import STORED_EVENT_LIMITS
from postward.observability.collector_settings import CollectorSettings, EventStoreSettings, MetricsAddress
from postward.observability.delta import Observations
from postward.observability.event import Event, Level
from postward.observability.families import MESSAGES, SCORE
from postward.observability.json_line import format_json
from postward.observability.wire import (
    MAX_DATAGRAM_BYTES,
    Report,
    decode_report,
    encode_delta,
    encode_events,
    encode_settings,
)


def test_metrics_come_out_as_they_went_in():
    delta = {
        (MESSAGES.name, ("accept",)): 2,
        (MESSAGES.name, ("junk",)): 0.5,
        (SCORE.name, ()): Observations(counts=(1, *[0] * len(SCORE.buckets)), total=-11.5),
        ("postward_sessions", ()): 4,
    }
    ((datagram, part),) = encode_delta("12", delta)
    assert decode_report(datagram) == Report(sender="12", delta=delta)
    assert part == delta


def test_many_series_are_split_over_datagrams_without_loss():
    delta = {("postward_symbol_hits_total", (f"SYMBOL_{number:050}",)): number for number in range(2000)}
    datagrams = list(encode_delta("12", delta))
    assert len(datagrams) > 1
    assert all(len(datagram) <= MAX_DATAGRAM_BYTES for datagram, _ in datagrams)
    received = [decode_report(datagram) for datagram, _ in datagrams]
    assert {series: amount for report in received for series, amount in report.delta.items()} == delta


def test_events_are_split_over_datagrams_in_their_order():
    lines = [json.dumps({"id": str(number), "text": "ü" * 900}) for number in range(100)]
    datagrams = list(encode_events("12", lines))
    assert all(len(datagram) <= MAX_DATAGRAM_BYTES for datagram, _ in datagrams)
    reports = [decode_report(datagram) for datagram, _ in datagrams]
    assert [line for report in reports for line in report.events] == lines
    assert [count for _, count in datagrams] == [len(report.events) for report in reports]


def test_the_largest_event_fits_into_a_datagram_whatever_it_holds():
    for filling in ("ü", '"', "\\", "\x00", "漢", "🙂", "\udcff"):
        fields = {f"field{number}": filling * 5000 for number in range(40)}
        event = Event(name="e", level=Level.INFO, time_s=0.0, fields=fields)
        ((datagram, count),) = encode_events("12", [format_json(event, STORED_EVENT_LIMITS)])
        assert count == 1
        assert len(datagram) <= MAX_DATAGRAM_BYTES


def test_settings_come_out_as_they_went_in():
    for settings in (
        CollectorSettings(),
        CollectorSettings(metrics=MetricsAddress(), store=EventStoreSettings(path="/x/y", max_age_s=1)),
    ):
        assert decode_report(encode_settings("1", settings)) == Report(sender="1", settings=settings)


def test_lines_that_are_missing_make_it_no_report():
    ((datagram, _),) = encode_events("1", ["{}", "{}"])
    assert decode_report(datagram).events == ("{}", "{}")
    assert decode_report(datagram[:-3]) is None
    assert decode_report(datagram + b"\n{}") is None


@pytest.mark.parametrize("label", ["\udcff", "\u2028", "a\nb", "a\x00", "x" * 65, 1, None])
def test_a_label_that_no_page_can_show_makes_it_no_report(label):
    assert decode_report(json.dumps({"v": 1, "from": "1", "metrics": [[MESSAGES.name, ["accept"], 1]]}).encode())
    assert decode_report(json.dumps({"v": 1, "from": "1", "metrics": [[MESSAGES.name, [label], 1]]}).encode()) is None


@given(st.binary(max_size=200))
def test_noise_is_not_a_report(noise):
    assert decode_report(noise) is None


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.sampled_from([SCORE.name, MESSAGES.name, "accept"]),
        lambda children: (
            st.lists(children, max_size=4) | st.dictionaries(st.sampled_from(["metrics", "store", "port"]), children)
        ),
        max_leaves=12,
    ),
    st.sampled_from(["events", "metrics", "settings"]),
)
def test_other_json_never_raises(content, key):
    report = decode_report(json.dumps({"v": 1, "from": "1", key: content}).encode())
    assert report is None or isinstance(report, Report)

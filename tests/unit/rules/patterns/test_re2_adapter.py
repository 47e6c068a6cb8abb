# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import time

import pytest

from postward.rules.patterns.re2_adapter import Pattern, PatternError, PatternSet, compiled, is_found


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        (r"foo(?=bar)", "look-ahead"),
        (r"^(?!.*internal)", "unless or none"),
        (r"(?<=a)b", "look-behind"),
        (r"(?<!a)b", "look-behind"),
        (r"(a)\1", "back-references"),
        (r"(?P<n>a)(?P=n)", "back-references"),
        (r"a++", "possessive"),
        (r"(?>a)", "atomic"),
        (r"a{2000}", "1000 times"),
        (r"end\Z", r"\z"),
        (r"\h", r"[ \t]"),
    ],
)
def test_what_re2_does_not_have_is_refused_with_a_hint(source, hint):
    with pytest.raises(PatternError) as caught:
        Pattern(source)
    assert hint in caught.value.hint


@pytest.mark.parametrize("source", ["[", "*a", "(", "(?P<x"])
def test_what_is_no_pattern_is_refused(source):
    with pytest.raises(PatternError, match="is no pattern of RE2"):
        Pattern(source)


def test_a_pattern_that_is_too_long_is_refused():
    with pytest.raises(PatternError, match="longer than"):
        Pattern("a" * 10_001)


def test_named_groups_are_captured():
    pattern = Pattern(r"label=(?P<label>[0-9a-f-]+)(?:;by=(?P<by>\w+))?")
    assert pattern.groups == {"label", "by"}
    assert pattern.search("x label=1f-2 y") == {"label": "1f-2"}
    assert pattern.search("label=1;by=bob") == {"label": "1", "by": "bob"}
    assert pattern.search("nothing") is None


def test_captures_are_text_whatever_the_letters_are():
    assert Pattern(r"(?P<all>[[:alpha:]Ä-ü]+)").search("1 Grüße 2") == {"all": "Grüße"}


def test_the_punctuation_class_of_posix_is_known():
    pattern = Pattern(r"^[\p{Lu}\d\s[:punct:]]{8,}$")
    assert pattern.search("BUY NOW!! 100% ÄÖÜ") is not None
    assert pattern.search("Buy now!! 100%") is None


def test_word_boundaries_are_ascii_alone():
    assert Pattern(r"\bÄpfel\b").search("Äpfel") is None


def test_octets_that_are_no_text_do_not_stop_it():
    assert is_found("b.*c", "a\udcffb\udcfec")


def test_a_pattern_knows_that_it_finds_something_in_nothing():
    assert Pattern("^[A-Z]*$").matches_empty
    assert not Pattern("^[A-Z]+$").matches_empty


def test_a_pattern_that_costs_others_exponential_time_is_linear():
    started = time.process_time()
    assert not is_found(r"(a+)+$", "a" * 100_000 + "b")
    assert time.process_time() - started < 1


def test_a_pattern_is_compiled_once():
    assert compiled("abc") is compiled("abc")


def test_a_set_tells_which_are_found():
    assert sorted(PatternSet(["a.c", "b+", "x"]).found_in("abbc")) == [1]
    assert sorted(PatternSet(["a.c", "b+", "x"]).found_in("axc")) == [0, 2]
    assert list(PatternSet(["a.c", "b+"], are_literal=True).found_in("abc bb+")) == [1]
    assert list(PatternSet(["zzz"]).found_in("")) == []


def test_a_set_of_thousands_of_words_finds_each_of_them_and_is_quick():
    words = [f"word {number} of many" for number in range(5_000)]
    words_set = PatternSet(words, are_literal=True)
    text = "lorem ipsum " * 80_000 + words[4_321]
    started = time.process_time()
    assert list(words_set.found_in(text)) == [4_321]
    assert time.process_time() - started < 1
    assert all(index in words_set.found_in(word) for index, word in enumerate(words))


def test_a_set_that_is_too_large_says_so():
    with pytest.raises(PatternError):
        PatternSet([rf"(?:[^\pL\pN]|^)word{number}(?:\pL{{1,900}}|$)" for number in range(300)])

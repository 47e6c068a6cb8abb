# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.mime.bounds import MimeBounds
from tests.unit.mime.making import message, part

MIXED = """\
Content-Type: multipart/mixed; boundary="outer"

This is not shown.
--outer
Content-Type: multipart/alternative; boundary=outer-inner

--outer-inner

one
--outer-inner
Content-Type: text/html; charset=utf-8

<p>two</p>

--outer-inner--
--outer
Content-Type: message/rfc822

Subject: inner
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: image/png

png
--x--

--outer
Content-Type: message/rfc822

Subject: plain

text
--outer--
This is not shown either.
"""


def test_parts_have_the_paths_of_imap_and_exact_offsets():
    mime = message(MIXED)
    assert {node.path: (node.content_type, node.raw) for node in mime.nodes if not node.children} == {
        "1.1": ("text/plain", b"one"),
        "1.2": ("text/html", b"<p>two</p>\r\n"),
        "2.1": ("image/png", b"png"),
        "3.1": ("text/plain", b"text"),
    }
    assert [node.path for node in mime.nodes] == ["", "1", "1.1", "1.2", "2", "2.TEXT", "2.1", "3", "3.1"]
    assert [node.path for node in mime.parts] == ["1.1", "1.2", "2", "2.1", "3", "3.1"]
    assert mime.problems == ()
    html = mime.by_path["1.2"]
    assert mime.body[html.header_start : html.body_start] == b"Content-Type: text/html; charset=utf-8\r\n\r\n"
    assert [node.is_nested for node in mime.nodes] == [False] * 5 + [True] * 2 + [False, True]
    assert [node.depth for node in mime.nodes] == [0, 1, 2, 2, 1, 2, 3, 1, 2]


def test_a_message_of_one_part():
    only = part("Subject: x", "text\n")
    assert (only.path, only.content_type, only.raw, only.depth) == ("1", "text/plain", b"text\r\n", 0)


def test_nothing_is_read_before_it_is_asked_for():
    assert "_tree" not in message(MIXED).__dict__


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("--b\n\none\n--b\n\ntwo", [b"one", b"two"]),  # no closing boundary
        ("--b \t\n\none\n--b--  \n", [b"one"]),  # blanks behind it
        ("--b\n\none\n--bb\nstill\n--b-\nstill\n--b--", [b"one\r\n--bb\r\nstill\r\n--b-\r\nstill"]),
        ("--b\n\none\n--b--\nepilogue\n--b\n\ntwo\n--b--", [b"one", b"two"]),  # parts behind the end
        ("--b\n--b\n--b--", [b"", b""]),
        ("--b--", None),
        ("\n\n--b\n\none\n--b--", [b"one"]),
        ("x --b\n--b\n\none", [b"one"]),
        ("--b", [b""]),
        ("--b\nContent-Type: text/plain\n--b--", [b""]),
        ("--b\nno field\n\ntext", [b"no field\r\n\r\ntext"]),
    ],
)
def test_boundaries(body, found):
    mime = message("Content-Type: multipart/mixed; boundary=b\n\n" + body)
    assert [child.raw for child in mime.root.children] == (found or [])
    assert bool(mime.problems) == (found is None or found == [b"no field\r\n\r\ntext"])


def test_lines_that_end_in_lf_alone():
    header = message("Content-Type: multipart/mixed; boundary=b\n\n").headers
    mime = type(message(""))(header, b"--b\nContent-Type: text/html\n\none\n--b\n\ntwo\n--b--\n")
    assert [(child.content_type, child.raw) for child in mime.parts] == [("text/html", b"one"), ("text/plain", b"two")]


def test_the_outer_boundary_ends_what_is_within():
    mime = message(
        "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=ab\n\n"
        "--ab\n\none\n--a\n\ntwo\n--ab--\n--a--"
    )
    assert [(node.path, node.raw) for node in mime.parts] == [("1.1", b"one"), ("2", b"two\r\n--ab--")]


@pytest.mark.parametrize(
    ("header", "body", "problem"),
    [
        ("Content-Type: multipart/mixed", "--b\n\nx", "part 1: multipart without a boundary"),
        ("Content-Type: multipart/mixed; boundary=b", "text", "part 1: the boundary does not occur"),
        (f"Content-Type: multipart/mixed; boundary={'b' * 999}", "text", "part 1: boundary too long"),
        ("Content-Type: message/partial; id=1", "text", "part 1: a fragment of a message"),
        ("Content-Type: message/external-body", "text", "part 1: its content is somewhere else"),
        ("Content-Transfer-Encoding: x-own", "text", "part 1: unknown Content-Transfer-Encoding"),
        ("Content-Type: text/plain\nContent-Type: text/html", "x", "part 1: several Content-Type fields"),
        (
            "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64",
            "U3ViamVjdDogeA==",
            "part 1: an attached message in a transfer encoding",
        ),
    ],
)
def test_what_cannot_be_looked_into_is_named(header, body, problem):
    mime = message(f"{header}\n\n{body}")
    assert mime.problems == (problem,)
    assert mime.root.problem == problem.partition(": ")[2]


def test_a_multipart_without_its_body_is_no_problem():
    assert message("Content-Type: multipart/mixed; boundary=b\n\n").problems == ()


@pytest.mark.parametrize("name", ["content-TYPE ", "Content-Type", "CONTENT-TYPE\t"])
def test_header_of_a_part(name):
    mime = message(
        f"Content-Type: multipart/mixed; boundary=b\n\n--b\nX: y\n {name}: no\n{name}:\n image/png;\n\tname=x.png\n"
        "Content-ID: <x>\n\nx\n--b--"
    )
    (child,) = mime.parts
    assert (child.content_type, child.filename, child.fields.has_id) == ("image/png", "x.png", True)


@pytest.mark.parametrize(
    ("value", "content_type"),
    [
        ("", "text/plain"),
        ("text", "text/plain"),
        ("/", "text/plain"),
        ("Text/HTML; charset=x", "text/html"),
        ("text/html(comment)", "text/html"),
        ("text/html\n (c)", "text/html"),
        (" application/X-y+z ", "application/x-y+z"),
    ],
)
def test_types(value, content_type):
    assert part(f"Content-Type: {value}").content_type == content_type


def test_a_digest_holds_messages():
    mime = message("Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\none\n--b--")
    assert [(node.path, node.content_type) for node in mime.parts] == [("1", "message/rfc822"), ("1.1", "text/plain")]


def test_depth_parts_and_candidates_are_bounded():
    opened = "".join(f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(1_000))
    deep = message("Content-Type: multipart/mixed; boundary=b0\n\n" + opened)
    assert max(node.depth for node in deep.nodes) == 20
    assert deep.problems[0].endswith("nested more than 20 deep")
    letters = message("Content-Type: message/rfc822\n\n" + "Content-Type: message/rfc822\n\n" * 1_000)
    assert letters.problems[0].endswith("nested more than 20 deep")
    wide = message("Content-Type: multipart/mixed; boundary=b\n\n" + "--b\n\nx\n" * 10, bounds=MimeBounds(max_parts=5))
    assert (len(wide.nodes), wide.problems) == (5, ("part TEXT: more than 5 parts",))
    lines = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n" + "--bb\n" * 10
    false = message(lines, bounds=MimeBounds(max_candidates=5))
    assert false.problems == ("part TEXT: too many lines that begin as a boundary does",)

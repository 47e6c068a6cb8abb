# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell mail of mailing lists and mail to many from mail that somebody wrote to somebody.

A list is where people write to each other (RFC 2369, RFC 2919), bulk is what one sends to many.  A newsletter that
names a List-Id is both.  What a machine answers is neither, though it often says ``Precedence: bulk``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from postward.rules.api import Action, Context, Message, RemoveHeader, SetHeader, Tag, rule

_LIST_ID = re.compile(r"<\s*([a-z0-9._-]{1,80})\s*>\s*(?:\([^()]{0,200}\)\s*)?\Z", re.IGNORECASE | re.ASCII)
_ANSWERS = ("X-Autoreply", "X-Autorespond")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSettings:
    """See docs/plugins/list_tagging.md."""

    list_tag: str = "list"
    bulk_tag: str = "bulk"
    name_lists: bool = False
    header: str = ""
    bulk_headers: tuple[str, ...] = ("List-Unsubscribe", "X-CSA-Complaints", "X-Campaign-Id")


@rule(id="list_tagging", needs={"headers"}, may={"tag", "set_header", "remove_header"}, config=ListSettings)
def list_tagging(message: Message, config: ListSettings, _context: Context) -> list[Action]:
    """Tag mail of mailing lists and mail to many, and name the kind in a header field."""
    is_list, is_bulk = _is_list(message), _is_bulk(message, config)
    actions: list[Action] = [Tag(name=config.list_tag)] if is_list else []
    if is_bulk:
        actions.append(Tag(name=config.bulk_tag))
    name = _list_name(message) if is_list and config.name_lists else ""
    if name:
        actions.append(Tag(name=f"{config.list_tag}:{name}"))
    return [*actions, *_field(is_list=is_list, is_bulk=is_bulk, message=message, config=config)]


def _field(*, is_list: bool, is_bulk: bool, message: Message, config: ListSettings) -> list[Action]:
    """Name the kind; a field of that name that came along says nothing."""
    kinds = ", ".join(kind for kind, holds in (("list", is_list), ("bulk", is_bulk)) if holds)
    if not config.header:
        return []
    if kinds:
        return [SetHeader(name=config.header, value=kinds)]
    return [RemoveHeader(name=config.header)] if config.header in message.headers else []


def _is_list(message: Message) -> bool:
    return "List-Id" in message.headers or _takes_posts(message) or _precedence(message) == "list"


def _takes_posts(message: Message) -> bool:
    """``List-Post: NO`` is a list to which nobody can write (RFC 2369 section 3.4)."""
    post = message.headers.get("List-Post")
    return post is not None and "<" in post


def _is_bulk(message: Message, config: ListSettings) -> bool:
    if _is_answer(message) or _takes_posts(message):
        return False
    return _precedence(message) in {"bulk", "junk"} or any(name in message.headers for name in config.bulk_headers)


def _is_answer(message: Message) -> bool:
    submitted = (message.headers.get("Auto-Submitted") or "no").lower()
    return submitted.startswith("auto-replied") or any(name in message.headers for name in _ANSWERS)


def _precedence(message: Message) -> str:
    return (message.headers.get("Precedence") or "").lower()


def _list_name(message: Message) -> str:
    """Give the identifier, which is what stands last and in angle brackets (RFC 2919 section 3)."""
    match = _LIST_ID.search((message.headers.get("List-Id") or "")[-400:])
    return match[1].lower() if match else ""

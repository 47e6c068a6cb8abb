# SPDX-License-Identifier: GPL-3.0-or-later
"""Of the client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.rules.conditions.attribute import Attribute, Kind
from postward.rules.conditions.domain_test import folded_domain
from postward.rules.needs import Need
from postward.rules.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from postward.rules.message.message import Message

_NEEDS = frozenset({Need.CLIENT})


def _given(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _attribute(
    name: str,
    kind: Kind,
    read: Callable[[Message], Sequence[str]],
    stage: Stage = Stage.CONNECT,
    index: tuple[str, ...] = (),
) -> Attribute:
    return Attribute(name=f"client.{name}", kind=kind, read=read, needs=_NEEDS, stage=stage, index=index)


def _name(message: Message) -> Sequence[str]:
    return tuple(folded_domain(name) for name in _given(message.client.name))


def _helo(message: Message) -> Sequence[str]:
    return tuple(folded_domain(name) for name in _given(message.client.helo))


CLIENT = (
    _attribute("name", Kind.DOMAIN, _name, index=("client.name",)),
    _attribute("helo", Kind.DOMAIN, _helo, Stage.HELO, ("client.helo",)),
    _attribute("tls", Kind.WORD, lambda message: _given(message.client.tls_version), Stage.MAIL),
    _attribute("user", Kind.WORD, lambda message: _given(message.client.user), Stage.MAIL, ("client.user",)),
    _attribute("mechanism", Kind.WORD, lambda message: _given(message.client.mechanism), Stage.MAIL),
    _attribute("daemon", Kind.WORD, lambda message: _given(message.client.daemon_name)),
)

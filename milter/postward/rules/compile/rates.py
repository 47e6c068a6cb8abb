# SPDX-License-Identifier: GPL-3.0-or-later
"""The condition ``rate``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.rules.compile.fields import Fields
from postward.rules.compile.place import did_you_mean
from postward.rules.compile.quantity import rate, share
from postward.rules.conditions.attribute import Attribute, Kind
from postward.rules.conditions.attributes.client import CLIENT
from postward.rules.conditions.attributes.directory import SENDER_ADDRESS
from postward.rules.conditions.attributes.envelope import ENVELOPE
from postward.rules.conditions.attributes.header import HEADER
from postward.rules.conditions.rate import RateCondition, RateLimit
from postward.rules.needs import Need
from postward.rules.stage import Stage

if TYPE_CHECKING:
    from postward.rules.compile.context import Context
    from postward.rules.compile.place import Place
    from postward.rules.conditions.base import Condition

_BY_NAME = {attribute.name: attribute for attribute in (*CLIENT, *ENVELOPE, *HEADER, SENDER_ADDRESS)}
_CLIENT_IP = Attribute(
    name="client.ip",
    kind=Kind.WORD,
    read=lambda message: (str(message.client.address),),
    needs=frozenset({Need.CLIENT}),
    stage=Stage.CONNECT,
)
RATE_KEYS: dict[str, Attribute] = {
    "recipient": _BY_NAME["recipient.address"],
    "recipient.domain": _BY_NAME["recipient.domain"],
    "sender": SENDER_ADDRESS,
    "mail_from": _BY_NAME["mail_from"],
    "mail_from.domain": _BY_NAME["mail_from.domain"],
    "from.address": _BY_NAME["from.address"],
    "from.domain": _BY_NAME["from.domain"],
    "client.ip": _CLIENT_IP,
    "client.user": _BY_NAME["client.user"],
    "subject": _BY_NAME["subject"],
}


def rate_condition(place: Place, context: Context) -> Condition:
    """Read ``{key: recipient, over: 20/1m, in: "3 of 5"}``."""
    fields = Fields(place, ("key", "over", "in"))
    for name in ("key", "over"):
        fields.missing(name, "write {key: recipient, over: 20/1m}")
    key = fields.read("key", lambda at: tuple(_attribute(item) for item in at.item_or_items()), ())
    limit, window_s = fields.read("over", rate, (0, 1.0))
    busy, windows = fields.read("in", share, (1, 1))
    fields.finish()
    return RateCondition(context.rule, key, RateLimit(limit=limit, window_s=window_s, busy=busy, windows=windows))


def _attribute(place: Place) -> Attribute:
    name = place.text()
    if name not in RATE_KEYS:
        raise place.fault("messages cannot be counted by this", did_you_mean(name, tuple(RATE_KEYS)))
    return RATE_KEYS[name]

# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions that name addresses: where the message goes, in whose name, and who decides or is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.model.rule_action import AddRecipient, ChangeSender, Moderate, Notify, Redirect
from postward.rules.compile.fields import Fields
from postward.rules.compile.place import Faulty, did_you_mean
from postward.rules.compile.quantity import duration
from postward.rules.compile.template import template_of, text_template
from postward.rules.conditions.domain_test import NULL_SENDER
from postward.rules.envelope_editing import is_address
from postward.rules.errors import RuleFailure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from postward.rules.compile.actions.template import Action, Reading
    from postward.rules.compile.place import Place
    from postward.rules.conditions.base import Subject
    from postward.rules.text_template import TextTemplate

_ROLES = ("sender", "recipient", "admin")
_DIRECTORY_ROLES = ("sender.manager", "recipient.manager")
_EXPIRE_S = (60.0, 31 * 86_400.0)
_ON_EXPIRE = ("bounce", "deliver", "discard")
_ADDRESS_HINT = "write name@example.com"


def add_recipient(reading: Reading) -> Action:
    """An address, or ``{address: ADDRESS, notify: never}``."""
    place, is_silent = reading.operand(), True
    if place.is_mapping:
        entries = place.mapping(("address", "notify"))
        is_silent = "notify" not in entries or entries["notify"].choice(("never", "default")) == "never"
        place = _address_entry(reading, entries)
    template = _address(place, reading)
    return reading.action(
        lambda subject, captures: AddRecipient(address=_filled(template, subject, captures), notify_never=is_silent),
        template,
    )


def redirect(reading: Reading) -> Action:
    """An address, or ``{address: ADDRESS}``."""
    place = reading.operand()
    if place.is_mapping:
        place = _address_entry(reading, place.mapping(("address",)))
    template = _address(place, reading)
    return reading.action(lambda subject, captures: Redirect(address=_filled(template, subject, captures)), template)


def change_sender(reading: Reading) -> Action:
    """An address, or ``null_sender``."""
    place = reading.operand()
    if place.is_mapping:
        place = _address_entry(reading, place.mapping(("address",)))
    if place.scalar == NULL_SENDER:
        return reading.constant(ChangeSender(address=""))
    template = _address(place, reading)
    return reading.action(
        lambda subject, captures: ChangeSender(address=_filled(template, subject, captures)), template
    )


def notify(reading: Reading) -> Action:
    """``admin``, ``sender``, ``recipient``, addresses, or ``{to: ..., template: NAME}``."""
    place = reading.operand()
    if place.is_mapping and "to" in place.mapping():
        fields = Fields(place, ("to", "template"))
        template = fields.read("template", lambda at: _template(at, reading), "")
        to = fields.read("to", lambda at: told_addresses(at, reading), ())
        fields.finish()
        return reading.constant(Notify(to=to, template=template))
    return reading.constant(Notify(to=told_addresses(place, reading)))


def _template(place: Place, reading: Reading) -> str:
    name = place.text()
    known = reading.context.known_names.get("notify")
    if known is not None and name not in known:
        hint = did_you_mean(name, tuple(known)) if known else "there is none yet: write it below notify.templates"
        raise place.fault("postward.yaml knows no such template", hint)
    return name


def told_addresses(place: Place, reading: Reading) -> tuple[str, ...]:
    """Read roles and addresses."""
    found: list[str] = []
    before = len(place.faults.errors)
    for value in reading.context.lists.values(place):
        if value.text in _ROLES or is_address(value.text):
            found.append(value.text)
        else:
            value.fault("is no address", f"write name@example.com, or one of {', '.join(_ROLES)}")
    if not found:
        raise Faulty if len(place.faults.errors) > before else place.fault("names nobody")
    return tuple(found)


def moderate(reading: Reading) -> Action:
    """``{by: ADDRESSES, expire: 2d, on_expire: bounce}``; by may be sender.manager, or the name of a list."""
    place = reading.operand()
    usual = Moderate(by=())
    expire_s, on_expire = usual.expire_s, usual.on_expire
    if place.is_mapping:
        fields = Fields(place, ("by", "expire", "on_expire"))
        fields.missing("by", "write {by: name@example.com}")
        expire_s = fields.read("expire", lambda at: duration(at, *_EXPIRE_S), expire_s)
        on_expire = fields.read("on_expire", lambda at: at.choice(_ON_EXPIRE), on_expire)
        templates = fields.read("by", lambda at: _deciders(at, reading), ())
        fields.finish()
    else:
        templates = _deciders(place, reading)

    def build(subject: Subject, captures: Mapping[str, str]) -> Moderate:
        by = tuple(dict.fromkeys(_filled(template, subject, captures) for template in templates))
        return Moderate(by=by, expire_s=expire_s, on_expire=on_expire)

    return reading.action(build, *templates)


def _deciders(place: Place, reading: Reading) -> tuple[TextTemplate, ...]:
    lists = reading.context.lists
    if isinstance(place.scalar, str) and place.scalar in lists.names:
        return tuple(_of_text(value.text, place, reading) for value in lists.by_name(place))
    return tuple(_of_text(value.text, place, reading) for value in lists.values(place))


def _of_text(text: str, place: Place, reading: Reading) -> TextTemplate:
    if text in _DIRECTORY_ROLES:
        return template_of(f"{{{text}}}", place, reading.context, reading.captures)
    if "{" not in text and not is_address(text):
        raise place.fault(
            "is no address", f"{_ADDRESS_HINT}, {_DIRECTORY_ROLES[0]}, or the name of a list of addresses"
        )
    return template_of(text, place, reading.context, reading.captures)


def _address_entry(reading: Reading, entries: Mapping[str, Place]) -> Place:
    if "address" not in entries:
        raise reading.operand().fault("has no address", _ADDRESS_HINT)
    return entries["address"]


def _address(place: Place, reading: Reading) -> TextTemplate:
    template = text_template(place, reading.context, reading.captures)
    constant = template.constant
    if constant is not None and not is_address(constant):
        raise place.fault("is no address", _ADDRESS_HINT)
    return template


def _filled(template: TextTemplate, subject: Subject, captures: Mapping[str, str]) -> str:
    address = template.fill(subject, captures)
    if not is_address(address):
        raise RuleFailure("there is no address where the rule takes one from")
    return address

# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules from YAML, for tests of the compiler and of what it makes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from postward.config.document.compose import compose
from postward.config.document.node import MappingNode
from postward.config.rule_files import RuleFile
from postward.errors import ConfigErrors
from postward.rules.compile.load import compile_rules
from postward.rules.conditions.base import Subject
from postward.rules.counted_here import CountedHere
from postward.rules.message.stored import message_from
from postward.rules.services import RuleServices

if TYPE_CHECKING:
    from postward.errors import ConfigError
    from postward.rules.conditions.base import Finding
    from postward.rules.message.message import Message
    from postward.rules.rule import Rule
    from postward.rules.rule_set import RuleSet

SECRET = b"a secret of tests"


def rule_file(text: str, path: str = "10.yaml") -> tuple[RuleFile, list[ConfigError]]:
    root, faults = compose(path, text)
    assert isinstance(root, MappingNode)
    return RuleFile(path=path, root=root, digest=text), faults


def compiled(*texts: str, **settings: Any) -> RuleSet:
    files, faults = [], []
    for number, text in enumerate(texts, 1):
        file, found = rule_file(text, f"{number}0.yaml")
        files.append(file)
        faults += found
    return compile_rules(files, faults, **settings)


def rule_of(body: str, *, extra: str = "", **settings: Any) -> Rule:
    """The one rule with these keys."""
    indented = "\n".join(f"  {line}" for line in body.strip().splitlines())
    return compiled(f"{extra}\nrules:\n- id: one\n{indented}\n", **settings).rules[0]


def when(condition: str, *, extra: str = "") -> Rule:
    """A rule that has this condition, written as flow YAML."""
    return rule_of(f"direction: any\nwhen: {condition}\ndo: [{{tag: x}}]", extra=extra)


def faults(*texts: str, **settings: Any) -> list[str]:
    """The faults as an operator reads them."""
    try:
        compiled(*texts, **settings)
    except ConfigErrors as errors:
        return [str(error) for error in errors.errors]
    return []


def condition_faults(condition: str, *, extra: str = "") -> list[str]:
    """The same of one condition, without the place of its rule."""
    text = f"{extra}\nrules:\n- id: one\n  direction: any\n  when: {condition}\n  do: [{{tag: x}}]\n"
    return [fault.partition("rules[0].when")[2].lstrip(".: ") for fault in faults(text)]


def services(message: Message, **given: Any) -> RuleServices:
    return RuleServices(**{"directory": message.directory, "rates": CountedHere(), "secret": SECRET, **given})


def finding(rule: Rule, message: Message, *, is_thorough: bool = False, **given: Any) -> Finding:
    """What the condition finds of the message, or of its first recipient where it looks at one."""
    if rule.condition.is_per_recipient and message.recipient is None and message.recipients:
        message = replace(message, recipient=message.recipients[0])
    subject = Subject(message=message, services=services(message, **given), is_thorough=is_thorough)
    return rule.condition.test(subject)


def holds(condition: str, message: Message, *, extra: str = "", **given: Any) -> bool:
    return finding(when(condition, extra=extra), message, **given).matched


def mail(*fields: str, body: str = "Hello\n", **envelope: Any) -> Message:
    """A message with these header fields."""
    header = "".join(f"{field}\n" for field in fields)
    return message_from(f"{header}\n{body}".encode("utf-8", "surrogateescape"), **envelope)

# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer of ``postward why`` for people: what was found, what it counted, what decided, what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from postward.cli.why_rules_text import rules_text
from postward.cli.why_senders_text import senders_text
from postward.observability.escape import escape
from postward.scoring.catalogue import SYMBOLS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from postward.model.symbol import SymbolDefinition

TEXT_COLUMN = 11
"""Where what is told begins in a line, counted from 0."""
_DONE = {
    "accept": "let pass",
    "junk": "let pass, marked as junk by header fields",
    "quarantine": "put on hold in the MTA's queue",
    "discard": "taken, and delivered to nobody",
    "defer": "refused for now",
    "reject": "refused for good",
    "aborted": "nothing: the client gave the message up before it was answered",
    "error": "Postward could not judge it, and took the failure action",
}
_KEPT = {
    "quarantine own_store=true": "kept in quarantine (postward quarantine list)",
    "moderate ": "held for a moderator (postward moderation list)",
}
_SCANS = {
    "clean": "found nothing",
    "virus": "found a virus",
    "skipped": "was not asked",
    "failed": "gave no answer of use",
}
_OUTCOMES = {
    "failed": "the evaluation failed; the log has the cause under the message's id",
    "timed_out": "the evaluation was not done by the deadline",
}


def why_text(
    event: Mapping[str, Any],
    rules: Sequence[Mapping[str, Any]] = (),
    definitions: Mapping[str, SymbolDefinition] = SYMBOLS,
) -> str:
    """Tell one message in plain words, with the events of its rules; nothing in it can move the cursor or hide text.

    ``definitions`` say what symbols mean.
    """
    found = (*_findings(event), *_scans(event), *senders_text(event), *_unchecked(event))
    counted = _score(event, definitions)
    return "\n".join((*_heading(event), *_verdict(event, rules), *found, *counted, *rules_text(rules)))


def _heading(event: Mapping[str, Any]) -> Iterator[str]:
    yield f"{_text(event, 'qid') or '(no queue id)'}  {_text(event, 'msgid') or '(no Message-ID)'}"
    yield f"  at       {_text(event, 'ts')}, id {_text(event, 'id')}"
    yield f"  from     {_sender(event)}, {_count(event.get('rcpts'), 'recipient')}, {event.get('size', 0)} bytes"
    yield f"  client   {_client(event)}"
    yield f"  way      {_text(event, 'direction') or 'unknown'}{_user(event)}"


def _verdict(event: Mapping[str, Any], rules: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    verdict, reason = _text(event, "verdict"), _text(event, "reason")
    if verdict:
        yield f"  verdict  {verdict}{': ' if reason else ''}{reason}"
    if outcome := _OUTCOMES.get(str(event.get("outcome"))):
        yield f"  problem  {outcome}"
    if rule := _text(event, "decided_by"):
        yield f"  rule     {rule} decided"
    reply = _text(event, "reply")
    done = _kept(event, rules) or _DONE.get(str(event.get("action")), _text(event, "action"))
    yield f"  done     {done}{f', with the answer {reply}' if reply else ''}{_monitored(event)}"


def _kept(event: Mapping[str, Any], rules: Sequence[Mapping[str, Any]]) -> str:
    """Where a message is that was taken for nobody because rules keep it back."""
    if event.get("action") != "discard" or event.get("mode") == "monitor":
        return ""
    done = [action for rule in rules if rule.get("mode") != "audit" for action in _texts(rule, "actions")]
    where = [words for beginning, words in _KEPT.items() if any(action.startswith(beginning) for action in done)]
    return f"taken, and {' and '.join(where)}" if where else ""


def _monitored(event: Mapping[str, Any]) -> str:
    return " (mode: monitor, so the message was left untouched)" if event.get("mode") == "monitor" else ""


def _findings(event: Mapping[str, Any]) -> Iterator[str]:
    yield "What was found"
    yield from _finding("SPF", event, "spf", "spf_domain", "spf_mechanism", "spf_reason")
    yield from _finding("HELO", event, "spf_helo")
    for signature in _texts(event, "dkim"):
        status, _, rest = signature.partition(":")
        domain, _, selector = rest.rpartition(":")
        yield f"  DKIM     {status}{f'  {domain}, selector {selector}' if domain else ''}"
    yield from (f"           {reason}" for reason in _texts(event, "dkim_reasons"))
    yield from _finding("ARC", event, "arc", "arc_sealer", "arc_reason")
    yield from _finding("DMARC", event, "dmarc", "dmarc_domain", "dmarc_reason")
    if policy := _text(event, "dmarc_policy"):
        yield f"           the policy is {policy}, published by {_text(event, 'dmarc_policy_domain')}"
    if aligned := _texts(event, "dmarc_aligned"):
        yield f"           aligned by {', '.join(aligned)}"
    if override := _text(event, "override"):
        yield f"           overridden: {override.removeprefix('arc:')}, a trusted sealer, saw it pass"
    yield from _finding("iprev", event, "iprev", "iprev_name", "iprev_reason")
    yield from _outgoing(event)


def _scans(event: Mapping[str, Any]) -> Iterator[str]:
    """What other programs have said, and whether the message has to come again."""
    scores = event.get("scan_scores")
    for scan in _texts(event, "scans"):
        name, _, status = scan.partition(":")
        score = scores.get(name) if isinstance(scores, dict) else None
        yield f"  {name}: {f'counts {score:g} on its own scale' if score is not None else _SCANS.get(status, status)}"
    if viruses := _texts(event, "viruses"):
        yield f"           {', '.join(viruses)}"
    yield from (f"           {reason}" for reason in _texts(event, "scan_reasons"))
    if greylisting := _text(event, "greylisting"):
        reason, wait_s = _text(event, "greylisting_reason"), event.get("greylisting_wait_s")
        wait = f" (passes after {wait_s:.0f} s)" if isinstance(wait_s, int | float) else ""
        yield f"  greylisting: {greylisting}{wait}{f', {reason}' if reason else ''}"


def _unchecked(event: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"  not checked: {reason}" for reason in _texts(event, "not_checked"))


def _outgoing(event: Mapping[str, Any]) -> Iterator[str]:
    """What concerns mail of our own users, and mail that goes on."""
    if right := _text(event, "envelope_right"):
        yield f"  sender   use of the envelope sender {right}, of the address in From {_text(event, 'from_right')}"
    if signed := _texts(event, "signed"):
        yield f"  signed   by {', '.join(signed)}"
    yield from _finding("signed", event, "unsigned_reason", prefix="no: ")
    yield from _finding("sealed", event, "sealed", prefix="by ")
    yield from _finding("sealed", event, "unsealed_reason", prefix="no: ")


def _finding(label: str, event: Mapping[str, Any], result: str, *about: str, prefix: str = "") -> Iterator[str]:
    if result in event:
        words = ", ".join(text for key in about if (text := _text(event, key)))
        yield f"  {label:<7}  {prefix}{_text(event, result)}{'  ' if words else ''}{words}"


def _score(event: Mapping[str, Any], definitions: Mapping[str, SymbolDefinition]) -> Iterator[str]:
    contributions = event.get("contributions")
    if not isinstance(contributions, dict):
        return
    yield "What it counted"
    counted = {name: score for name, score in contributions.items() if score}
    for name, score in sorted(counted.items(), key=lambda item: (-abs(item[1]), -item[1])):
        meaning = escape(definitions[name].meaning) if name in definitions else ""
        yield f"  {score:+6.2f}   {escape(name)}{': ' if meaning else ''}{meaning}"
    yield f"  {event.get('score') or 0:+6.2f}   in all"
    if weightless := [escape(name) for name in contributions if name not in counted]:
        yield f"           found as well, and counted for nothing: {', '.join(weightless)}"


def _sender(event: Mapping[str, Any]) -> str:
    if "from" not in event:
        return "(not recorded)"
    return _text(event, "from") or "<> (a bounce)"


def _client(event: Mapping[str, Any]) -> str:
    address = _text(event, "client") or "local"
    name = f" ({_text(event, 'client_name')})" if "client_name" in event else ""
    relayed = f", relaying for {_text(event, 'relayed_from')}" if "relayed_from" in event else ""
    return f"{address}{name}, HELO {_text(event, 'helo') or 'none'}{relayed}"


def _user(event: Mapping[str, Any]) -> str:
    return f", logged in as {_text(event, 'user')}" if "user" in event else ""


def _count(number: object, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _text(event: Mapping[str, Any], key: str) -> str:
    value = event.get(key)
    return "" if value is None else escape(str(value))


def _texts(event: Mapping[str, Any], key: str) -> list[str]:
    value = event.get(key)
    return [escape(str(text)) for text in value] if isinstance(value, list) else []

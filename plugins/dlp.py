# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep numbers of payment cards and bank accounts from leaving by mail.

Only numbers with right check digits count (Luhn and the issuers' lengths; IBAN), each once, in subject, text and
attachments that are text; a message needs several of a kind.  The numbers themselves are told to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from postward.rules.api import Action, Audit, Context, Message, Moderate, Notify, Quarantine, Reject, Tag, detect, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_TEXT_EXTENSIONS = frozenset({"csv", "tsv", "txt", "log", "json", "xml", "sql", "md", "html", "htm", "eml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DlpSettings:
    """See docs/plugins/dlp.md; raises ValueError."""

    payment_cards: int = 2
    ibans: int = 2
    allowed: tuple[str, ...] = ()
    allowed_domains: tuple[str, ...] = ()
    action: Literal["reject", "moderate", "quarantine", "tag"] = "reject"
    moderators: tuple[str, ...] = ()
    notify: tuple[str, ...] = ()
    text: str = "This message holds numbers of payment cards or bank accounts, which may not leave by mail"
    tag: str = "dlp"
    attachments: bool = True
    max_attachment_chars: int = 500_000

    def __post_init__(self) -> None:
        if self.action == "moderate" and not self.moderators:
            raise ValueError("moderators must name those who decide")


@rule(
    id="dlp",
    needs={"envelope", "headers", "body", "attachments", "directory"},
    may={"tag", "audit", "reject", "moderate", "quarantine", "notify"},
    timeout_s=10,
    config=DlpSettings,
)
def dlp(message: Message, config: DlpSettings, context: Context) -> list[Action]:
    """Keep numbers of payment cards and bank accounts from leaving by mail."""
    leaving = _leaving(message, config)
    counts = _counts(message, config) if leaving else {}
    limits = {"payment_card": config.payment_cards, "iban": config.ibans}
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if 0 < limits[name] <= count)
    if not told:
        return []
    context.log(f"found {told}")
    actions: list[Action] = [Tag(name=config.tag), Audit(severity="high")]
    if config.action == "reject":
        actions.append(Reject(code=550, enhanced="5.7.1", text=config.text))
    elif config.action == "moderate":
        actions.append(Moderate(by=config.moderators, recipients=leaving))
    elif config.action == "quarantine":
        actions.append(Quarantine(reason=f"numbers: {told}", recipients=leaving))
    return [*actions, Notify(to=config.notify)] if config.notify else actions


def _leaving(message: Message, config: DlpSettings) -> tuple[str, ...]:
    """Recipients elsewhere; of mail that this host makes itself only the directory can tell."""
    allowed = {domain.lower() for domain in config.allowed_domains}
    return tuple(
        view.address
        for view in message.recipients
        if view.domain not in allowed
        and view.direction not in {"inbound", "internal"}
        and not (view.direction != "outbound" and message.directory.is_hosted(view.domain))
    )


def _counts(message: Message, config: DlpSettings) -> dict[str, int]:
    allowed = {"".join(number.split()).upper() for number in config.allowed}
    found: dict[str, set[str]] = {"payment_card": set(), "iban": set()}
    for text in _texts(message, config):
        for name, numbers in found.items():
            numbers.update(detect(name, text))
    return {name: len(numbers - allowed) for name, numbers in found.items()}


def _texts(message: Message, config: DlpSettings) -> Iterator[str]:
    yield message.subject
    yield message.body_text
    left = config.max_attachment_chars if config.attachments else 0
    for part in message.parts:
        if left > 0 and not part.is_body and (part.is_text or not _TEXT_EXTENSIONS.isdisjoint(part.extensions)):
            text = part.text(left)
            left -= len(text)
            # Between the columns of a table a comma is no part of a number.
            yield text.replace(",", " ") if "csv" in part.extensions else text

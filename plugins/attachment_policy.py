# SPDX-License-Identifier: GPL-3.0-or-later
"""Refuse, keep back, remove or mark attachments by what they are, not by what they call themselves.

A file counts by its content and by each of its names, and so does each file in an archive, in archives within it too.
Policies of their own have files behind a password, macros, and what cannot be looked into: broken, closed, or a bomb.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from postward.rules.api import (
    Action,
    Audit,
    Context,
    Message,
    Notify,
    Quarantine,
    Reject,
    StripAttachment,
    Tag,
    rule,
)

if TYPE_CHECKING:
    from postward.rules.api import Part

Policy = Literal["allow", "tag", "strip", "quarantine", "reject"]
_MACRO_TYPES = frozenset({"docm", "dotm", "xlsm", "xltm", "xlsb", "xlam", "pptm", "potm", "ppsm", "ppam", "vsdm"})
_EXTENSIONS = (
    "ade", "adp", "app", "appx", "bat", "chm", "cmd", "com", "cpl", "dll", "exe", "hta", "img", "inf", "ins", "iso",
    "isp", "jar", "jnlp", "js", "jse", "lnk", "mde", "msc", "msi", "msix", "msp", "mst", "one", "pif", "ps1", "reg",
    "scf", "scr", "sct", "settingcontent-ms", "shb", "sys", "url", "vb", "vbe", "vbs", "vhd", "vhdx", "vxd", "wsc",
    "wsf", "wsh", "xll",
)  # fmt: skip
_NO_TIME = {"uninspectable"}
_TYPES = ("exe", "dll", "msi", "elf", "macho", "lnk", "iso", "vhd", "vhdx", "chm", "one")


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentSettings:
    """See docs/plugins/attachment_policy.md; raises ValueError."""

    blocked_extensions: tuple[str, ...] = _EXTENSIONS
    blocked_types: tuple[str, ...] = _TYPES
    blocked: Policy = "reject"
    encrypted: Policy = "tag"
    macros: Policy = "tag"
    uninspectable: Policy = "tag"
    archive_depth: int = 3
    text: str = "Attachments of this kind are not accepted here"
    notice: str = "An attachment of a kind that is not accepted here was removed."
    notify: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.archive_depth <= 10:  # noqa: PLR2004 - the bound of the documentation
            raise ValueError("archive_depth must be from 0 to 10")


@rule(
    id="attachment_policy",
    needs={"headers", "body", "attachments"},
    may={"reject", "quarantine", "strip_attachment", "tag", "audit", "notify"},
    timeout_s=10,
    config=AttachmentSettings,
)
def attachment_policy(message: Message, config: AttachmentSettings, context: Context) -> list[Action]:
    """Act on attachments by their content, their names, and what is in archives."""
    found: dict[str, list[str]] = {"uninspectable": []} if message.problems else {}
    for part in message.parts:
        for kind in _kinds(part, config) if context.remaining_s > 0 else _NO_TIME:
            found.setdefault(kind, []).append(part.path)
    policies = {kind: str(getattr(config, kind)) for kind in found}
    asked = {kind: policy for kind, policy in policies.items() if policy != "allow"}
    if not asked:
        return []
    actions: list[Action] = [Tag(name=f"attachment:{kind}") for kind in sorted(asked)]
    kept = sorted(kind for kind, policy in asked.items() if policy == "quarantine")
    stripped = sorted({path for kind, policy in asked.items() if policy == "strip" for path in found[kind]})
    if "reject" in asked.values():
        actions.append(Reject(code=550, enhanced="5.7.1", text=config.text))
    elif kept:
        actions.append(Quarantine(reason=f"attachment: {', '.join(kept)}"))
    elif stripped:
        actions.append(StripAttachment(paths=tuple(stripped), notice=config.notice))
    if "blocked" in asked:
        actions.append(Audit(severity="high"))
    return [*actions, Notify(to=config.notify)] if config.notify else actions


def _kinds(part: Part, config: AttachmentSettings) -> set[str]:
    """Say what speaks against a part; of several files in it each counts."""
    listing = part.archive(config.archive_depth)
    extensions = set(part.extensions).union(*(member.extensions for member in listing.members))
    types = {member.true_type for member in listing.members}
    if part.filenames or not part.is_body:  # text may begin as programs do: MZ
        types.add(part.true_type)
    kinds = set()
    if not extensions.isdisjoint(map(_plain, config.blocked_extensions)) or not types.isdisjoint(config.blocked_types):
        kinds.add("blocked")
    if not _MACRO_TYPES.isdisjoint(extensions | types):
        kinds.add("macros")
    if listing.is_encrypted:
        kinds.add("encrypted")
    if part.problem or listing.problem:
        kinds.add("uninspectable")
    return kinds


def _plain(extension: str) -> str:
    return extension.lower().removeprefix(".")

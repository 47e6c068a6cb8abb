# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge the addresses of a message by what its sender may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.authn.dmarc.mailboxes import mail_domain
from postward.authn.results.address import shown_address
from postward.directory.address import Mailbox, mailbox
from postward.directory.entry import SenderEntry
from postward.model.sender_rights import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postward.authn.dmarc import Authors
    from postward.model.envelope import EnvelopeAddress


def entry_of_unknown(login: str) -> SenderEntry:
    """What a login may use of which the directory knows nothing: its own address, where it is one."""
    return SenderEntry(identity=login)


def may_use(address: str, entry: SenderEntry, login: str) -> bool:
    """Whether the sender may use the address; ``login`` is "" for a client network."""
    if entry.may_use_any:
        return True
    wanted = _mailbox(address)
    if wanted is None:
        # A quoted local part that holds an at sign, and the like: readers differ in whom they see in it.
        return False
    if not {str(wanted), str(wanted.untagged)}.isdisjoint(entry.addresses | _own(login)):
        return True
    return wanted.domain in entry.domains or not entry.parent_domains.isdisjoint(_parents(wanted.domain))


def envelope_permission(sender: EnvelopeAddress, entry: SenderEntry, login: str) -> Permission:
    """Whether the envelope sender may be used; RFC 5321 section 4.5.5: anybody may send with the null path."""
    return _permission(sender.is_null or may_use(sender.text, entry, login))


def author_permission(authors: Authors, entry: SenderEntry, login: str) -> Permission:
    """Whether all authors may be used; a From field that cannot be read is not, for it may show anybody."""
    if not authors.is_readable:
        return Permission.ALLOWED if entry.may_use_any else Permission.DENIED
    if not authors.mailboxes:
        return Permission.NOT_JUDGED
    return _permission(all(may_use(author.address, entry, login) for author in authors.mailboxes))


def own_address(entry: SenderEntry, login: str, *, smtputf8: bool) -> str:
    """The sender's own address: the login, else the one that its entry names, else the first of those it may use.

    "" where there is none that a field of the message can show, for one without SMTPUTF8 in ASCII (RFC 6531).
    """
    named = _mailbox(entry.identity)
    is_own = login and named is not None and str(named) in entry.addresses
    candidates = [*_own(login), *([str(named)] if is_own else ()), *sorted(entry.addresses)]
    return next((each for each in candidates if _can_stand_in(each, smtputf8=smtputf8)), "")


def _can_stand_in(address: str, *, smtputf8: bool) -> bool:
    # One that From cannot show replaces nothing there, and what was to be replaced would be let through.
    is_shown = _mailbox(address) is not None and bool(shown_address(address, smtputf8=smtputf8))
    return is_shown and (smtputf8 or address.isascii())


def _permission(is_allowed: bool) -> Permission:
    return Permission.ALLOWED if is_allowed else Permission.DENIED


def _own(login: str) -> frozenset[str]:
    own = _mailbox(login)
    return frozenset() if own is None else frozenset((str(own),))


def _mailbox(address: str) -> Mailbox | None:
    """Read an address whose domain can be one of mail; DNS names may hold anything, a line end too."""
    found = mailbox(address)
    return None if found is None or mail_domain(found.domain) is None else found


def _parents(domain: str) -> Iterable[str]:
    """The domains above one, without itself."""
    while domain:
        domain = domain.partition(".")[2]
        if domain:
            yield domain

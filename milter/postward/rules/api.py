# SPDX-License-Identifier: GPL-3.0-or-later
"""All that a plugin imports: see docs/writing-rules.md."""

from __future__ import annotations

from postward.errors import DirectoryUnavailable, TemporaryFailure
from postward.mime.address_list import Mailbox
from postward.mime.part import Part
from postward.model.profile import Person, Profile
from postward.model.rule_action import (
    AddHeader,
    AddRecipient,
    AddScore,
    Archive,
    Audit,
    BypassSpam,
    ChangeSender,
    Defer,
    Discard,
    Junk,
    Moderate,
    Notify,
    PrefixSubject,
    Quarantine,
    Redirect,
    Reject,
    RemoveHeader,
    Route,
    SetHeader,
    SetScore,
    StripAttachment,
    Tag,
)
from postward.model.rule_action import RuleAction as Action
from postward.rules.fold import fold_letters, fold_name
from postward.rules.message.message import Message
from postward.rules.message.reputation_view import IdentityView, ReputationView
from postward.rules.message.stored import message_from
from postward.rules.message.views import AuthView, Client, RecipientView
from postward.rules.plugins.context import Context
from postward.rules.plugins.definition import NoSettings, PluginError, rule
from postward.rules.plugins.detect import detect
from postward.rules.plugins.static_context import StaticContext
from postward.rules.stage import Stage

__all__ = [
    "Action",
    "AddHeader",
    "AddRecipient",
    "AddScore",
    "Archive",
    "Audit",
    "AuthView",
    "BypassSpam",
    "ChangeSender",
    "Client",
    "Context",
    "Defer",
    "DirectoryUnavailable",
    "Discard",
    "IdentityView",
    "Junk",
    "Mailbox",
    "Message",
    "Moderate",
    "NoSettings",
    "Notify",
    "Part",
    "Person",
    "PluginError",
    "PrefixSubject",
    "Profile",
    "Quarantine",
    "RecipientView",
    "Redirect",
    "Reject",
    "RemoveHeader",
    "ReputationView",
    "Route",
    "SetHeader",
    "SetScore",
    "Stage",
    "StaticContext",
    "StripAttachment",
    "Tag",
    "TemporaryFailure",
    "detect",
    "fold_letters",
    "fold_name",
    "message_from",
    "rule",
]

# SPDX-License-Identifier: GPL-3.0-or-later
"""All of them, in the order in which they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.headers import (
    author_address,
    author_domain,
    backscatter,
    brand_name,
    date,
    display_name,
    false_reply,
    header_charset,
    helo,
    lookalike_domain,
    mail_program,
    marked_as_spam,
    message_id,
    mime_version,
    needless_encoding,
    odd_characters,
    php_script,
    received_trace,
    recipient_name,
    repeated_field,
    reply_to,
    shown_recipients,
    subject_blank,
    subject_money,
    subject_shouting,
    unfilled_template,
    unsigned_freemail,
    unsubscribing,
    urgency_mark,
)

if TYPE_CHECKING:
    from postward.checks.content.content_check import ContentCheck

HEADER_CHECKS: tuple[ContentCheck, ...] = (
    author_address.CHECK,
    author_domain.CHECK,
    backscatter.CHECK,
    brand_name.CHECK,
    date.CHECK,
    display_name.CHECK,
    false_reply.CHECK,
    header_charset.CHECK,
    helo.CHECK,
    lookalike_domain.CHECK,
    mail_program.CHECK,
    marked_as_spam.CHECK,
    message_id.CHECK,
    mime_version.CHECK,
    needless_encoding.CHECK,
    odd_characters.CHECK,
    php_script.CHECK,
    received_trace.CHECK,
    recipient_name.CHECK,
    repeated_field.CHECK,
    reply_to.CHECK,
    shown_recipients.CHECK,
    subject_blank.CHECK,
    subject_money.CHECK,
    subject_shouting.CHECK,
    unfilled_template.CHECK,
    unsigned_freemail.CHECK,
    unsubscribing.CHECK,
    urgency_mark.CHECK,
)

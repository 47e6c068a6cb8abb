# SPDX-License-Identifier: GPL-3.0-or-later
"""All of them, in the order in which they run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from postward.checks.content.body import (
    account_threat,
    active_html,
    active_link,
    address_link,
    adult_content,
    advance_fee,
    alternatives,
    attached_program,
    audience_offer,
    broken_structure,
    call_back,
    carrier_file,
    closed_archive,
    declared_charset,
    disguised_name,
    disguised_site,
    disguised_words,
    easy_money,
    empty_body,
    extortion,
    false_type,
    file_link,
    free_hosting_link,
    gambling,
    gift_cards,
    health_sales,
    hidden_text,
    html_alone,
    html_as_text,
    image_only,
    loan_offer,
    macros,
    misleading_link,
    needless_base64,
    odd_link,
    recipient_in_link,
    redirecting_link,
    removal_promise,
    sales_talk,
    shortened_link,
    shouting,
    stock_tip,
    web_page_file,
)
from postward.checks.content.content_check import About

if TYPE_CHECKING:
    from postward.checks.content.content_check import ContentCheck

_OF_FILES = (
    attached_program.CHECK,
    carrier_file.CHECK,
    closed_archive.CHECK,
    disguised_name.CHECK,
    false_type.CHECK,
    macros.CHECK,
    web_page_file.CHECK,
)
_OF_LINKS = (
    address_link.CHECK,
    disguised_site.CHECK,
    file_link.CHECK,
    free_hosting_link.CHECK,
    misleading_link.CHECK,
    odd_link.CHECK,
    recipient_in_link.CHECK,
    redirecting_link.CHECK,
    shortened_link.CHECK,
)
_OF_HTML = (
    active_html.CHECK,
    alternatives.CHECK,
    hidden_text.CHECK,
    image_only.CHECK,
)
_OF_ANYTHING = (
    account_threat.CHECK,
    active_link.CHECK,
    adult_content.CHECK,
    advance_fee.CHECK,
    audience_offer.CHECK,
    broken_structure.CHECK,
    call_back.CHECK,
    declared_charset.CHECK,
    disguised_words.CHECK,
    easy_money.CHECK,
    empty_body.CHECK,
    extortion.CHECK,
    gambling.CHECK,
    gift_cards.CHECK,
    health_sales.CHECK,
    html_alone.CHECK,
    html_as_text.CHECK,
    loan_offer.CHECK,
    needless_base64.CHECK,
    removal_promise.CHECK,
    sales_talk.CHECK,
    shouting.CHECK,
    stock_tip.CHECK,
)

BODY_CHECKS: tuple[ContentCheck, ...] = (
    *_OF_ANYTHING,
    *(replace(check, about=About.HTML) for check in _OF_HTML),
    *(replace(check, about=About.LINKS) for check in _OF_LINKS),
    *(replace(check, about=About.FILES) for check in _OF_FILES),
)
"""All of them, in the order in which they run; most messages have neither files nor links, and need but the first."""

"""All of them, in the order in which they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.checks.content.body import (
    active_html,
    active_link,
    address_link,
    advance_fee,
    alternatives,
    attached_program,
    broken_structure,
    call_back,
    carrier_file,
    closed_archive,
    declared_charset,
    disguised_name,
    disguised_site,
    disguised_words,
    empty_body,
    extortion,
    false_type,
    file_link,
    free_hosting_link,
    hidden_text,
    html_alone,
    image_only,
    macros,
    many_sites,
    misleading_link,
    needless_base64,
    odd_link,
    recipient_in_link,
    redirecting_link,
    shortened_link,
    shouting,
    web_page_file,
)

if TYPE_CHECKING:
    from postward.checks.content.content_check import ContentCheck

BODY_CHECKS: tuple[ContentCheck, ...] = (
    active_html.CHECK,
    active_link.CHECK,
    address_link.CHECK,
    advance_fee.CHECK,
    alternatives.CHECK,
    attached_program.CHECK,
    broken_structure.CHECK,
    call_back.CHECK,
    carrier_file.CHECK,
    closed_archive.CHECK,
    declared_charset.CHECK,
    disguised_name.CHECK,
    disguised_site.CHECK,
    disguised_words.CHECK,
    empty_body.CHECK,
    extortion.CHECK,
    false_type.CHECK,
    file_link.CHECK,
    free_hosting_link.CHECK,
    hidden_text.CHECK,
    html_alone.CHECK,
    image_only.CHECK,
    macros.CHECK,
    many_sites.CHECK,
    misleading_link.CHECK,
    needless_base64.CHECK,
    odd_link.CHECK,
    recipient_in_link.CHECK,
    redirecting_link.CHECK,
    shortened_link.CHECK,
    shouting.CHECK,
    web_page_file.CHECK,
)
"""All of them, in the order in which they run."""

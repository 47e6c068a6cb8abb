# SPDX-License-Identifier: GPL-3.0-or-later
"""Firms whose name is abused most, with the names of the domains from which they write."""

from __future__ import annotations

_TABLE = """
    paypal: paypal paypal-communication paypal-exchanges paypalcorp
    amazon: amazon amazonses amazonaws amazonbusiness amazonpay
    amazon prime: amazon
    apple id: apple icloud
    icloud: apple icloud
    microsoft: microsoft microsoftonline office office365 sharepointonline outlook live hotmail windowsazure azure xbox
    microsoft 365: microsoft microsoftonline office office365
    office 365: microsoft microsoftonline office office365
    outlook: microsoft outlook office365 live hotmail
    onedrive: microsoft live onedrive sharepointonline
    sharepoint: microsoft sharepoint sharepointonline
    netflix: netflix
    facebook: facebook facebookmail meta
    instagram: instagram facebookmail facebook
    whatsapp: whatsapp facebookmail facebook
    linkedin: linkedin
    dhl: dhl dpdhl deutschepost dhl-news dhlecommerce dhlparcel
    dpd: dpd dpdgroup geopost
    ups: ups upsemail
    fedex: fedex
    usps: usps
    royal mail: royalmail
    docusign: docusign
    dropbox: dropbox dropboxmail
    wetransfer: wetransfer
    coinbase: coinbase
    binance: binance
    metamask: metamask consensys
    trezor: trezor satoshilabs
    ledger live: ledger
    ebay: ebay
    bank of america: bankofamerica bofa ml
    wells fargo: wellsfargo
    citibank: citi citibank citicorp
    american express: americanexpress aexp amex
    hsbc: hsbc
    barclays: barclays barclaycard
    santander: santander gruposantander santanderconsumer
    commerzbank: commerzbank comdirect
    deutsche bank: db deutsche-bank
    postbank: postbank db
    klarna: klarna
    revolut: revolut
    intuit: intuit quickbooks
    quickbooks: intuit quickbooks
    norton: norton nortonlifelock gendigital symantec
    mcafee: mcafee
    geek squad: bestbuy geeksquad
    costco: costco
    walmart: walmart
"""
_LINES = (line.partition(":") for line in _TABLE.strip().splitlines())
DOMAINS_OF = {name.strip(): frozenset(domains.split()) for name, _, domains in _LINES}
"""By the name in small letters: the labels before the public suffix under which that firm writes."""

WORDS = frozenset(name.partition(" ")[0] for name in DOMAINS_OF)
"""The first words of the names, by which others are told at once."""

MOST_WORDS = max(name.count(" ") + 1 for name in DOMAINS_OF)

LOOKED_AT = frozenset(
    label
    for labels in DOMAINS_OF.values()
    for label in labels
    if len(label) > 5  # noqa: PLR2004 - short ones are like too many
)
"""Labels that are worth a look-alike."""

_SERVICES = """
    account accounts alert alerts bank billing business care center centre co com customer de delivery department email
    express fraud help helpdesk id inc info invoice kundenservice llc mail member membership no noreply notice
    notification notifications online order orders paket parcel payment payments prime protection refund renewal reply
    rewards security service services sicherheit subscription support team update updates verification verify wallet
"""
SERVICES = frozenset(_SERVICES.split())
"""What stands behind the name of a firm that speaks for itself; behind it people have other names."""

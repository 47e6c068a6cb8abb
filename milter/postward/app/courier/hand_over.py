# SPDX-License-Identifier: GPL-3.0-or-later
"""Hand mail of our own, and mail that is let go, to this host's MTA (RFC 5321)."""

from __future__ import annotations

import re
import smtplib
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postward.errors import TemporaryFailure
from postward.observability.escape import escape, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from postward.model.ip_endpoint import IpEndpoint

_TIMEOUT_S = 120.0
_UNSAFE_PATH = re.compile(r"[\x00-\x20\x7f<>\ud800-\udfff]")
_QUOTED = re.compile(r'"[^"\\\x00-\x1f\x7f\ud800-\udfff]{1,64}"(?=@[^\s"]+\Z)')
"""A local part in quotes (RFC 5321 section 4.1.2), in which a blank ends nothing."""
_MAX_ANSWER_CHARS = 200
_REFUSED, _PERMANENT = 400, 500


class NotHandedOverError(TemporaryFailure):
    """The MTA has not taken the message, as its answer in the text says; where the connection broke, it may have."""

    def __init__(self, text: str, *, is_permanent: bool = False) -> None:
        super().__init__(text)
        self.is_permanent = is_permanent


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """For whom the MTA has taken the message."""

    accepted: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    """Recipients for whom it has not, each with its answer."""


class MtaDoor:
    """Where the MTA takes mail; ``helo`` is our name."""

    def __init__(self, endpoint: IpEndpoint, helo: str, *, timeout_s: float = _TIMEOUT_S) -> None:
        self._endpoint = endpoint
        self._helo = helo
        self._timeout_s = timeout_s

    def hand_over(
        self, content: bytes, *, sender: str, recipients: Sequence[str], smtputf8: bool = False
    ) -> HandedOver:
        """Send one message, lines as CRLF; raises NotHandedOverError where the MTA takes it for nobody.

        "" is the null path.
        """
        with self._session() as smtp:
            smtp.command_encoding = "utf-8" if smtputf8 else "ascii"
            _say(smtp, f"MAIL FROM:<{_path(sender, smtputf8=smtputf8)}>{_options(smtp, content, smtputf8=smtputf8)}")
            accepted, refused = [], []
            for recipient in recipients:
                try:
                    _say(smtp, f"RCPT TO:<{_path(recipient, smtputf8=smtputf8)}>")
                except NotHandedOverError as error:
                    refused.append((recipient, error))
                else:
                    accepted.append(recipient)
            if not accepted:
                raise NotHandedOverError(
                    f"every recipient is refused: {refused[0][1] if refused else 'there is none'}",
                    is_permanent=all(error.is_permanent for _, error in refused),
                )
            _judge(*smtp.data(content))
        return HandedOver(
            accepted=tuple(accepted), refused=tuple((recipient, str(error)) for recipient, error in refused)
        )

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        try:
            smtp = smtplib.SMTP(
                str(self._endpoint.address), self._endpoint.port, local_hostname=self._helo, timeout=self._timeout_s
            )
            try:
                _judge(*smtp.ehlo())
                yield smtp
                # Whatever is said to this, the message was taken before.
                with suppress(OSError, smtplib.SMTPException):
                    smtp.quit()
            finally:
                smtp.close()
        except smtplib.SMTPResponseException as error:
            text = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
            _judge(error.smtp_code, text)
            raise
        except (OSError, smtplib.SMTPException) as error:
            raise NotHandedOverError(f"{self._endpoint}: {error}") from error


def _options(smtp: smtplib.SMTP, content: bytes, *, smtputf8: bool) -> str:
    """RFC 6152 and RFC 6531: what the message needs."""
    wanted = ""
    if smtp.has_extn("8bitmime") and not content.isascii():
        wanted += " BODY=8BITMIME"
    if smtputf8:
        wanted += " SMTPUTF8"
    return wanted


def _path(address: str, *, smtputf8: bool) -> str:
    quoted = _QUOTED.match(address)
    if _UNSAFE_PATH.search(address, quoted.end() if quoted else 0) or not (smtputf8 or address.isascii()):
        raise NotHandedOverError(f"{escape(address)} is no address that can be told to the MTA", is_permanent=True)
    return address


def _say(smtp: smtplib.SMTP, command: str) -> None:
    _judge(*smtp.docmd(command))


def _judge(code: int, answer: bytes) -> None:
    if code >= _REFUSED or code < 0:
        words = shorten(escape(answer.decode("utf-8", "surrogateescape")), _MAX_ANSWER_CHARS)
        raise NotHandedOverError(f"{code} {words}", is_permanent=code >= _PERMANENT)

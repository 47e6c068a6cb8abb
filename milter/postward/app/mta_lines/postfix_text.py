# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines for Postfix as text: to paste, as commands, or as a difference to what stands there."""

from __future__ import annotations

import shlex
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from postward.app.mta_lines.postfix_host import PostfixHost
    from postward.app.mta_lines.postfix_lines import FileLines, MainLine, PostfixLines, ServiceOption


def postfix_text(host: PostfixHost, lines: PostfixLines) -> str:
    """Everything, with what it is for; the result of a second run on a host that is set up is the same."""
    parts = [
        _head(host),
        *(_file(file) for file in lines.files),
        _main(host, lines.main),
        _master(host, lines.master) if lines.master else "",
        _commands(host, lines),
        "".join(f"# Note: {note}.\n" for note in lines.notes),
    ]
    return "\n".join(filter(None, parts))


def postfix_difference(host: PostfixHost, lines: PostfixLines) -> str:
    """Only what differs from what stands there; "" where nothing does."""
    return "".join(_difference(host, lines))


def _head(host: PostfixHost) -> str:
    if not host.installed:
        return "# There is no Postfix on this host: lines for a usual Debian installation.\n"
    chroot = "chrooted" if host.is_chrooted else "not chrooted"
    return (
        f"# Postfix {host.parameter('mail_version')}, smtpd {chroot}, queue directory {host.queue_directory}.\n"
        "# After a change: postfix reload.\n"
    )


def _file(file: FileLines) -> str:
    return f"# {file.path}: {file.reason}\n" + "".join(f"{line}\n" for line in file.lines)


def _main(host: PostfixHost, lines: Sequence[MainLine]) -> str:
    text = f"# {host.config_directory}/main.cf\n"
    for line in lines:
        if line.present not in {line.value, None}:
            text += f"# now: {line.name} = {line.present}\n"
        text += f"{line.name} = {line.value}\n"
    return text


def _master(host: PostfixHost, options: Sequence[ServiceOption]) -> str:
    text = f"# {host.config_directory}/master.cf: add each -o line to the service that stands above it\n"
    for _, group in groupby(options, key=lambda option: option.service):
        own = list(group)
        text += "".join(f"# {option.reason}\n" for option in own)
        text += f"{own[0].line}\n" + "".join(f"    -o {option.name}={option.value}\n" for option in own)
    return text


def _commands(host: PostfixHost, lines: PostfixLines) -> str:
    text = "# The same as commands:\n"
    for command in _postconf_commands(host, lines):
        text += f"#   {command}\n"
    return text


def _postconf_commands(host: PostfixHost, lines: PostfixLines) -> Iterator[str]:
    postconf = ["postconf", "-c", str(host.config_directory)]
    for line in lines.main:
        yield shlex.join([*postconf, "-e", f"{line.name} = {line.value}"])
    for option in lines.master:
        yield shlex.join([*postconf, "-P", f"{option.service}/{option.name}={option.value}"])


def _difference(host: PostfixHost, lines: PostfixLines) -> Iterator[str]:
    changed = [line for line in lines.main if line.present != line.value]
    if changed:
        yield f"# {host.config_directory}/main.cf\n"
    for line in changed:
        if line.present is not None:
            yield f"-{line.name} = {line.present}\n"
        yield f"+{line.name} = {line.value}\n"
    missing = [option for option in lines.master if option.present != option.value]
    if missing:
        yield f"# {host.config_directory}/master.cf\n"
    for option in missing:
        yield f" {option.line}\n"
        if option.present is not None:
            yield f"-    -o {option.name}={option.present}\n"
        yield f"+    -o {option.name}={option.value}\n"

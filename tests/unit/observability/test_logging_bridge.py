# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import logging
import os
import warnings

import pytest

from postward.observability.logger import EventLog
from postward.observability.logging_bridge import LoggingBridge, install_bridge


@pytest.fixture
def read_log(tmp_path):
    """Install the bridge, give a function that reads what was written, and put everything back."""
    path = tmp_path / "log"
    fd = os.open(path, os.O_WRONLY | os.O_CREAT)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    install_bridge(EventLog(fd=fd, journal=True))
    yield path.read_text
    logging.captureWarnings(capture=False)
    root.handlers[:], root.level = handlers, level
    os.close(fd)


def test_a_library_message_becomes_an_event(read_log):
    logging.getLogger("lib.part").warning("odd %s", "thing\n")
    logging.getLogger("lib.part").info("chatter")
    assert read_log() == '<4>level=warning event=library.message logger=lib.part text="odd thing\\n"\n'


def test_an_exception_is_named(read_log):
    try:
        int("x")
    except ValueError:
        logging.getLogger("lib").exception("failed")
    text = read_log()
    assert text.startswith('<3>level=error event=library.message logger=lib text=failed error="ValueError: invalid')
    assert text.count("\n") == 1


def test_a_format_that_does_not_fit_is_written_as_it_stands(read_log):
    (bridge,) = (handler for handler in logging.getLogger().handlers if isinstance(handler, LoggingBridge))
    bridge.emit(logging.LogRecord("lib", logging.WARNING, "", 0, "%d apples", ("no",), None))
    assert 'text="%d apples"' in read_log()


def test_a_warning_is_an_event_too(read_log):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old ways", DeprecationWarning, stacklevel=1)
    assert "logger=py.warnings" in read_log()
    assert read_log().count("\n") == 1

# SPDX-License-Identifier: GPL-3.0-or-later
"""The way to one data base: its URL, its driver, its connections."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import sqlalchemy
from sqlalchemy import exc

if TYPE_CHECKING:
    from postward.directory.sql.settings import SqlSettings


def unusable(settings: SqlSettings) -> str | None:
    """What is wrong with the URL or its driver, without connecting; None where nothing is."""
    try:
        make_engine(settings).dispose()
    except exc.NoSuchModuleError:
        return "is of a kind of data base that SQLAlchemy does not know"
    except (exc.ArgumentError, ValueError):
        return "is no URL of a data base"
    except ImportError as error:
        return f"needs the driver {error.name}, which is not installed"
    return None


def make_engine(settings: SqlSettings) -> sqlalchemy.Engine:
    """An engine that has not connected yet; raises SQLAlchemyError or ImportError for a URL or driver of no use."""
    url = sqlalchemy.make_url(settings.url)
    in_memory = url.get_backend_name() == "sqlite"
    # One more than there are threads, for whoever asks for all people.
    pool = {} if in_memory else {"pool_size": settings.connections + 1, "max_overflow": 0}
    return sqlalchemy.create_engine(
        url,
        # A data base that was restarted costs no message.
        pool_pre_ping=True,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        connect_args=_connect_arguments(url, settings.timeout_s),
        **pool,
    )


def _connect_arguments(url: sqlalchemy.URL, timeout_s: float) -> dict[str, object]:
    """What makes a driver give up by itself, so that no thread waits for ever; the URL's own options come first."""
    seconds = max(math.ceil(timeout_s), 1)
    match url.get_driver_name():
        case "psycopg" | "psycopg2":
            # Below two, libpq takes the time to connect to be two seconds.
            arguments: dict[str, object] = {"connect_timeout": max(seconds, 2), "tcp_user_timeout": seconds * 1_000}
        case "pysqlite":
            arguments = {"timeout": timeout_s}
        case "pymysql" | "mysqldb":
            arguments = {"connect_timeout": seconds, "read_timeout": seconds, "write_timeout": seconds}
        case _:
            arguments = {}
    return {key: value for key, value in arguments.items() if key not in url.query}

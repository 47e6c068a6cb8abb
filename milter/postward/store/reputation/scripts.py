# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripts that add evidence, each to one key, so that they work on a cluster; and what goes in and comes out.

Both take two packed arguments: a head, which a whole batch shares, and the amounts.  The time is that of the server.
What is sent again because there was no answer (``is_again``) is added once at the most:

- after ``not_after_ms`` nothing is done: a server that hung and wakes up does not do what was given up meanwhile;
- the batch leaves its token in what it touches, so where that stands it was done already;
- where another token of the same worker stands, it was not: a worker sends nothing else to a key before it knows;
- where somebody else touched the key since, it cannot be told, and rather nothing is added than something twice.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from struct import Struct
from typing import TYPE_CHECKING

from postward.model.reputation import FAST, SLOW
from postward.store.reputation import keys
from postward.store.reputation.history import MOST_DAYS
from postward.store.reputation.record import MOST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.model.reputation import HalfLives

SLOW_TTL_S = 90 * 86_400
"""An identity of whom nothing was heard for so long is forgotten."""
FAST_TTL_S = 86_400
"""By then nothing of the fast window counts any more."""
HISTORY_TTL_S = MOST_DAYS * 86_400
TOKENS = 256
"""So many a worker has, one after the other."""
MOST_WORKERS = 0xFFFFFF
"""The highest number that a worker can have; 0 is nobody's."""
_CLOCK_TOLERANCE_S = 3_600
_HISTORY_SEEN = 20
"""So many messages make a history worth its place; of those that come once or twice there are too many."""

# A clock that was set back, or that of another server after a fail-over, takes nothing back: ``last`` stays, unless it
# is so far ahead that the clock must have been wrong then.
_HEAD = f"""\
local soft, hard, not_after, sent, token, ttl, again = struct.unpack('<dddI4I4I4B', ARGV[1])
local time = redis.call('TIME')
local now = tonumber(time[1])
if now * 1000 + time[2] / 1000 > not_after then return 0 end
local value = redis.pcall('GET', KEYS[1])
local function ours(mark) return math.floor(mark / {TOKENS}) == math.floor(token / {TOKENS}) end
"""
_RECORD = f"""\
{_HEAD}\
local function sound(amount) return amount >= 0 and amount <= {MOST:.0f} end
local code, at = 1, now
local good, bad, hards, seen, first, last, mark = 0, 0, 0, 0, now, now, 0
local is_sound = value == false
if type(value) == 'string' and #value == 44 then
    good, bad, hards, seen, first, last, mark = struct.unpack('<ddddI4I4I4', value)
    is_sound = sound(good) and sound(bad) and sound(hards) and sound(seen) and first <= last
end
if not is_sound then
    code, good, bad, hards, seen, first, last, mark = 9, 0, 0, 0, 0, now, now, 0
end
if again == 1 and value and mark == token then
    code = 2
elseif again == 1 and value and is_sound and last >= sent and not ours(mark) then
    return 3
else
    if last > now and last <= now + {_CLOCK_TOLERANCE_S} then at = last end
    if first > at then first = at end
    local passed = at > last and at - last or 0
    local softly, hardly = 2 ^ (-passed / soft), 2 ^ (-passed / hard)
    local function sum(before, more)
        return math.min(sound(more) and before + more or before, {MOST:.0f})
    end
    local more_good, more_bad, more_hard, more_seen = struct.unpack('<dddd', ARGV[2])
    good, bad = sum(good * softly, more_good), sum(bad * softly, more_bad)
    hards, seen = sum(hards * hardly, more_hard), sum(seen, more_seen)
    redis.call('SET', KEYS[1], struct.pack('<ddddI4I4I4', good, bad, hards, seen, first, at, token), 'EX', ttl)
end
if seen >= {_HISTORY_SEEN} and bad + hards >= 0.1 then code = code + 4 end
return code
"""
# A history is a mark and the time of the last touch, and then a piece for each day that there was something.
_HISTORY = f"""\
{_HEAD}\
local code, day = 1, math.floor(now / 86400)
local mark, last, days = 0, 0, ''
if type(value) == 'string' and #value >= 26 and #value <= {8 + 18 * MOST_DAYS} and (#value - 8) % 18 == 0 then
    mark, last = struct.unpack('<I4I4', value)
    days = string.sub(value, 9)
elseif value then
    code = 9
end
if again == 1 and mark == token then return 2 end
if again == 1 and last >= sent and not ours(mark) then return 3 end
local function sound(amount) return amount >= 0 and amount <= {MOST:.0f} end
local good, bad, hards, seen = 0, 0, 0, 0
if #days > 0 then
    local latest, a, b, c, d = struct.unpack('<I2ffff', days, #days - 17)
    if latest > day + 1 or not (sound(a) and sound(b) and sound(c) and sound(d)) then
        code, days = 9, ''
    elseif latest >= day then
        day, good, bad, hards, seen = latest, a, b, c, d
        days = string.sub(days, 1, -19)
    end
end
local more_good, more_bad, more_hard, more_seen = struct.unpack('<dddd', ARGV[2])
days = days .. struct.pack('<I2ffff', day, good + more_good, bad + more_bad, hards + more_hard, seen + more_seen)
local from = 1
while from < #days - 17 and struct.unpack('<I2', days, from) <= day - {MOST_DAYS} do from = from + 18 end
if #days - from + 1 > {18 * MOST_DAYS} then from = from + 18 end
if last < now or last > now + {_CLOCK_TOLERANCE_S} then last = now end
redis.call('SET', KEYS[1], struct.pack('<I4I4', token, last) .. string.sub(days, from), 'EX', ttl)
return code
"""
TEXTS = (_RECORD, _HISTORY)
"""All scripts, to be loaded beforehand."""


class Code(IntEnum):
    """What a script says of its key; the flags come on top."""

    LATE = 0
    """Nothing was done, for the time was over."""
    DONE = 1
    BEFORE = 2
    """Nothing was done, for it was done before."""
    UNCLEAR = 3
    """Nothing was done, for it cannot be told whether it was done before."""


class Flag(IntFlag):
    """What else a script says."""

    HISTORY = 4
    """What is known is worth a history."""
    REFUSED = 8
    """What was there before was none of ours, and is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What all keys have in common that are sent together."""

    token: int
    """Stands for it in what it touches: ``TOKENS`` times the number of the worker, and what tells its batches apart."""
    sent_s: int
    """Unix time, by the server's clock and not too late, at which it was first sent."""
    not_after_ms: float
    """Unix time in milliseconds, by the server's clock."""
    is_again: bool = False


_FORM = Struct("<dddIIIB")
_AMOUNTS = Struct("<dddd")


class Script:
    """One script with all that is the same whatever the key."""

    def __init__(self, text: str, lives: HalfLives, ttl_s: int) -> None:
        self._lives = lives
        self._ttl_s = ttl_s
        self._sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest().encode()

    def command(self, key: str, amounts: Sequence[float], batch: Batch) -> tuple[bytes, ...]:
        """What has Redis run it for one key."""
        lives = self._lives
        head = _FORM.pack(
            lives.soft_s, lives.hard_s, batch.not_after_ms, batch.sent_s, batch.token, self._ttl_s, batch.is_again
        )
        return b"EVALSHA", self._sha, b"1", key.encode(), head, _AMOUNTS.pack(*amounts)


_SCRIPTS = {
    "}": Script(_RECORD, SLOW, SLOW_TTL_S),
    keys.FAST: Script(_RECORD, FAST, FAST_TTL_S),
    keys.HISTORY: Script(_HISTORY, SLOW, HISTORY_TTL_S),
}


def script_for(key: str) -> Script:
    """The script that adds to this key, which its last octet tells."""
    return _SCRIPTS[key[-1]]

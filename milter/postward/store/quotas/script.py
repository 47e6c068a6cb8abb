# SPDX-License-Identifier: GPL-3.0-or-later
"""The script that counts in Redis: one key, the server's time, all or nothing.

The key is a hash.  ``h<minute>`` and ``d<quarter of an hour>`` hold messages and recipients that were counted then;
``l<lease>`` holds what one message takes while it is being judged: until when (ms), messages, recipients, what of them
is burst, and 1 where days are counted; ``x<lease>`` says until when (ms) that message is known to have been counted
without a lease; ``b`` holds since when (ms) so many messages and recipients of burst are left.

A part of an hour or a day that has begun to leave the window counts as a whole: never is more than the limit sent
within any hour or day, and it is free again a minute, or a quarter of an hour, later at most.
"""

from __future__ import annotations

import hashlib

HOUR_BUCKETS, HOUR_BUCKET_MS = 61, 60_000
DAY_BUCKETS, DAY_BUCKET_MS = 97, 900_000
BURST_MS = 86_400_000
"""Within this time the whole of a burst comes back."""

LONGEST_LEASE_MS = 86_400_000
"""Far longer than any message is judged."""
MAX_VALUE = 70
"""Octets of a value that we may have written."""
KEPT_HOUR_MS = (HOUR_BUCKETS + 1) * HOUR_BUCKET_MS
KEPT_DAY_MS = (DAY_BUCKETS + 1) * DAY_BUCKET_MS

BEGIN, END, SHOW = "begin", "end", "show"
COUNTED, LATE, DROPPED = "count", "late", "drop"

_READ = f"""\
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local minute, quarter = math.floor(now / {HOUR_BUCKET_MS}), math.floor(now / {DAY_BUCKET_MS})
local used, own, leases, stale = {{0, 0, 0, 0}}, {{0, 0}}, 0, {{}}
local hours, days, credit = {{}}, {{}}, nil

local function bucket(into, at, value, newest, kept, column, field)
    local when = tonumber(at)
    local messages, recipients = value:match('^(%d+) (%d+)$')
    -- The clock of another master may have been ahead.
    if not when or not messages or #value > {MAX_VALUE} or when <= newest - kept or when > newest + kept then
        stale[#stale + 1] = field
        return
    end
    into[#into + 1] = {{when, tonumber(messages), tonumber(recipients)}}
    used[column] = used[column] + messages
    used[column + 1] = used[column + 1] + recipients
end

local function lease(id, value, field)
    local till, messages, recipients, more, wider = value:match('^(%d+) (%d+) (%d+) (%d+) (%d+) [01]$')
    -- A clock that was set back leaves leases that would last for as long as it was ahead.
    if not till or #value > {MAX_VALUE} or tonumber(till) <= now or tonumber(till) > now + {LONGEST_LEASE_MS} then
        stale[#stale + 1] = field
    elseif id == ARGV[2] then
        own = {{tonumber(more), tonumber(wider)}}
    else
        leases = leases + 1
        used[1], used[3] = used[1] + messages, used[3] + messages
        used[2], used[4] = used[2] + recipients, used[4] + recipients
    end
end

local function read()
    local fields = redis.call('HGETALL', KEYS[1])
    for number = 1, #fields, 2 do
        local field, value = fields[number], fields[number + 1]
        local kind, rest = field:sub(1, 1), field:sub(2)
        if kind == 'h' then
            bucket(hours, rest, value, minute, {HOUR_BUCKETS}, 1, field)
        elseif kind == 'd' then
            bucket(days, rest, value, quarter, {DAY_BUCKETS}, 3, field)
        elseif kind == 'l' then
            lease(rest, value, field)
        elseif field == 'b' then
            credit = value
        elseif kind ~= 'x' or (tonumber(value) or 0) <= now then
            stale[#stale + 1] = field
        end
    end
end
"""

_BEGIN = f"""\
local function begin()
    local lease_ms, wanted = tonumber(ARGV[3]), {{tonumber(ARGV[4]), tonumber(ARGV[5])}}
    local hour_limits, day_limits = {{tonumber(ARGV[6]), tonumber(ARGV[7])}}, {{tonumber(ARGV[8]), tonumber(ARGV[9])}}
    local concurrent, burst, extra = tonumber(ARGV[10]), tonumber(ARGV[11]), {{0, 0}}

    local left, since = {{burst, burst}}, nil
    if credit then
        local at, messages, recipients = credit:match('^(%d+) (%d+%.?%d*) (%d+%.?%d*)$')
        if at and tonumber(at) <= now + {BURST_MS} then
            local back = math.max(0, now - at) * burst / {BURST_MS}
            left = {{math.min(burst, messages + own[1] + back), math.min(burst, recipients + own[2] + back)}}
        end
    end

    local function wait_ms(buckets, size, kept, column, surplus)
        table.sort(buckets, function(one, other) return one[1] < other[1] end)
        for _, each in ipairs(buckets) do
            surplus = surplus - each[column + 1]
            if surplus <= 0 then
                return math.max(0, (each[1] + kept) * size - now)
            end
        end
        return lease_ms
    end

    if concurrent >= 0 and leases + 1 > concurrent then
        return {{0, 5, leases, concurrent, 0}}
    end
    for column = 1, 2 do
        local total, limit = used[column] + wanted[column], hour_limits[column]
        if limit >= 0 and total > limit then
            extra[column] = math.min(wanted[column], total - limit)
            if extra[column] > left[column] then
                local surplus = total - limit - math.floor(left[column])
                return {{0, column, used[column], limit,
                    wait_ms(hours, {HOUR_BUCKET_MS}, {HOUR_BUCKETS}, column, surplus)}}
            end
        end
        total, limit = used[column + 2] + wanted[column], day_limits[column]
        if limit >= 0 and total > limit then
            return {{0, column + 2, used[column + 2], limit,
                wait_ms(days, {DAY_BUCKET_MS}, {DAY_BUCKETS}, column, total - limit)}}
        end
    end

    for first = 1, #stale, 1000 do
        redis.call('HDEL', KEYS[1], unpack(stale, first, math.min(#stale, first + 999)))
    end
    local has_days = day_limits[1] >= 0 or day_limits[2] >= 0
    redis.call('HSET', KEYS[1], 'l' .. ARGV[2], string.format('%d %d %d %d %d %d',
        now + lease_ms, wanted[1], wanted[2], extra[1], extra[2], has_days and 1 or 0))
    if extra[1] + extra[2] + own[1] + own[2] > 0 then
        redis.call('HSET', KEYS[1], 'b', string.format('%d %.6f %.6f', now, left[1] - extra[1], left[2] - extra[2]))
    end
    local kept_ms = {KEPT_HOUR_MS}
    if has_days or #days > 0 then
        kept_ms = {KEPT_DAY_MS}
    elseif credit or extra[1] + extra[2] > 0 then
        kept_ms = {BURST_MS}
    end
    redis.call('PEXPIRE', KEYS[1], math.max(kept_ms, lease_ms))
    return {{1}}
end
"""

_END = f"""\
local function count(messages, recipients, has_days, at)
    local function add(kind, size)
        local name = string.format('%s%d', kind, math.floor(at / size))
        local before, among = (redis.call('HGET', KEYS[1], name) or ''):match('^(%d+) (%d+)$')
        redis.call('HSET', KEYS[1], name, string.format('%d %d', (before or 0) + messages, (among or 0) + recipients))
    end
    if messages + recipients > 0 then
        add('h', {HOUR_BUCKET_MS})
        if has_days then
            add('d', {DAY_BUCKET_MS})
        end
    end
end

local function count_late()
    local lease_ms, has_days = tonumber(ARGV[8]), ARGV[7] == '1'
    local known = tonumber(redis.call('HGET', KEYS[1], 'x' .. ARGV[2]) or '')
    if known and known > now then
        return 0
    end
    count(tonumber(ARGV[5]), tonumber(ARGV[6]), has_days, now - tonumber(ARGV[4]))
    redis.call('HSET', KEYS[1], 'x' .. ARGV[2], string.format('%d', now + lease_ms))
    local kept_ms = has_days and {KEPT_DAY_MS} or {KEPT_HOUR_MS}
    redis.call('PEXPIRE', KEYS[1], math.max(kept_ms, lease_ms, redis.call('PTTL', KEYS[1])))
    return 1
end

local function finish()
    local field = 'l' .. ARGV[2]
    local value = redis.call('HGET', KEYS[1], field) or ''
    local messages, recipients, more, wider, days = value:match('^%d+ (%d+) (%d+) (%d+) (%d+) ([01])$')
    redis.call('HDEL', KEYS[1], field)
    if ARGV[3] == '{LATE}' then
        return count_late()
    end
    if not messages then
        return 0
    end
    if ARGV[3] == '{COUNTED}' then
        count(tonumber(messages), tonumber(recipients), days == '1', now)
    elseif more + wider > 0 then
        local at, left, broad = (redis.call('HGET', KEYS[1], 'b') or ''):match('^(%d+) (%d+%.?%d*) (%d+%.?%d*)$')
        if at then
            redis.call('HSET', KEYS[1], 'b', string.format('%s %.6f %.6f', at, left + more, broad + wider))
        end
    end
    return 1
end
"""

_DISPATCH = f"""\
if ARGV[1] == '{END}' then
    return finish()
end
read()
if ARGV[1] == '{BEGIN}' then
    return begin()
end
return {{used[1], used[2], used[3], used[4], leases}}
"""

SCRIPT = _READ + _BEGIN + _END + _DISPATCH
SHA = hashlib.sha1(SCRIPT.encode(), usedforsecurity=False).hexdigest()

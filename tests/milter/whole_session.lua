-- What an MTA says in one connection, as OpenDKIM's miltertest speaks it.  Given: address.

local function insist(what, truth)
    if not truth then error(what, 2) end
end

local function went_well(what, failure)
    if failure ~= nil then error(what .. ": " .. failure, 2) end
end

local function answers(connection, what, wanted)
    insist(what .. " was answered by " .. mt.getreply(connection), mt.getreply(connection) == wanted)
end

local function session()
    -- Everything that this client knows is offered.
    local connection = mt.connect(address)
    insist("no connection", connection)
    went_well("negotiate", mt.negotiate(connection, nil, nil, nil))
    insist("may not add fields", mt.test_action(connection, SMFIF_ADDHDRS))
    insist("may not change fields", mt.test_action(connection, SMFIF_CHGHDRS))
    insist("may not hold", mt.test_action(connection, SMFIF_QUARANTINE))
    insist("does not ask for macros", mt.test_action(connection, SMFIF_SETSYMLIST))
    insist("wants to change bodies", not mt.test_action(connection, SMFIF_CHGBODY))
    insist("wants to change recipients", not mt.test_action(connection, SMFIF_DELRCPT))
    insist("does not take the space behind the colon", mt.test_option(connection, SMFIP_HDR_LEADSPC))
    insist("wants DATA", mt.test_option(connection, SMFIP_NODATA))
    insist("wants the end of the header", mt.test_option(connection, SMFIP_NOEOH))
    insist("wants refused recipients", not mt.test_option(connection, SMFIP_RCPT_REJ))
    insist("answers header fields", mt.test_option(connection, SMFIP_NR_HDR))
    insist("does not want the client", not mt.test_option(connection, SMFIP_NOCONNECT))

    local function client()
        mt.macro(connection, SMFIC_CONNECT, "j", "mx.example.net", "{daemon_name}", "MTA", "{client_addr}", "192.0.2.20")
        went_well("connect", mt.conninfo(connection, "mail.shop.example", "192.0.2.20"))
        went_well("helo", mt.helo(connection, "mail.shop.example"))
    end

    local function message(queue_id)
        -- Sendmail knows the queue id as early as this.
        mt.macro(connection, SMFIC_MAIL, "i", queue_id)
        went_well("mail", mt.mailfrom(connection, "<orders@shop.example>", "SIZE=100", "BODY=8BITMIME"))
        went_well("rcpt", mt.rcptto(connection, "<one@example.net>"))
        went_well("rcpt", mt.rcptto(connection, "<two@example.net>", "NOTIFY=NEVER"))
        went_well("header", mt.header(connection, "From", " Shop <orders@shop.example>"))
        went_well("header", mt.header(connection, "Subject", " caf\195\169, fol\n\tded"))
        went_well("header", mt.header(connection, "X-Spam-Flag", " NO"))
        went_well("header", mt.header(connection, "x-spam-flag", " NO"))
        went_well("body", mt.bodystring(connection, "Hello,\r\n\r\nall is \255well.\r\n"))
        went_well("end", mt.eom(connection))
        answers(connection, "the end", SMFIR_CONTINUE)
        insist("no results", mt.eom_check(connection, MT_HDRINSERT, "Authentication-Results"))
        local results = mt.getheader(connection, "Authentication-Results", 0)
        insist("SPF did not pass: " .. results, string.find(results, "spf=pass smtp.mailfrom=orders@shop.example", 1, true))
        insist("DMARC did not pass: " .. results, string.find(results, "dmarc=pass", 1, true))
        insist("one space leads a value", string.sub(results, 1, 16) == " mx.example.net;")
        insist("forged mark stays", mt.eom_check(connection, MT_HDRDELETE, "X-Spam-Flag"))
        insist("forged mark stays", mt.eom_check(connection, MT_HDRDELETE, "x-spam-flag"))
        insist("no mark", mt.eom_check(connection, MT_HDRINSERT, "X-Spam-Flag", " NO", 0))
        insist("the body was changed", not mt.eom_check(connection, MT_BODYCHANGE))
        insist("on hold", not mt.eom_check(connection, MT_QUARANTINE))
    end

    client()
    message("M1")
    message("M2")
    went_well("mail", mt.mailfrom(connection, "<gone@bulk.example>"))
    went_well("rcpt", mt.rcptto(connection, "<one@example.net>"))
    went_well("header", mt.header(connection, "Subject", " gone"))
    went_well("abort", mt.abort(connection))
    message("M3")
    mt.disconnect(connection)

    -- An MTA that lets no command be left out, and no answer: an unknown command does no harm.
    connection = mt.connect(address)
    -- miltertest takes what stands for the actions for the steps too.
    went_well("negotiate", mt.negotiate(connection, 6, 0x7f, 0x7f))
    insist("leaves out answers", not mt.test_option(connection, SMFIP_NR_MAIL))
    client()
    answers(connection, "the greeting", SMFIR_CONTINUE)
    went_well("unknown", mt.unknown(connection, "XYZZY nothing happens"))
    answers(connection, "an unknown command", SMFIR_CONTINUE)
    went_well("mail", mt.mailfrom(connection, "<orders@shop.example>"))
    went_well("rcpt", mt.rcptto(connection, "<one@example.net>"))
    went_well("unknown", mt.unknown(connection, "XYZZY in a message"))
    answers(connection, "an unknown command in a message", SMFIR_CONTINUE)
    went_well("header", mt.header(connection, "From", "Shop <orders@shop.example>"))
    answers(connection, "a field", SMFIR_CONTINUE)
    went_well("body", mt.bodystring(connection, "Hello.\r\n"))
    answers(connection, "the body", SMFIR_CONTINUE)
    went_well("end", mt.eom(connection))
    answers(connection, "the end", SMFIR_CONTINUE)
    local results = mt.getheader(connection, "Authentication-Results", 0)
    insist("no space is led: " .. results, string.sub(results, 1, 15) == "mx.example.net;")
    mt.disconnect(connection)

    -- One that leaves without a word.
    connection = mt.connect(address)
    client()
    went_well("mail", mt.mailfrom(connection, "<leaves@shop.example>"))
    mt.disconnect(connection, false)
end

-- miltertest itself says nothing about an error but its exit status.
local is_well, failure = pcall(session)
if not is_well then
    mt.echo(failure)
    error(failure)
end

# As postward-junk.sieve, for who wants less in the inbox: files also what comes near to junk (see docs/sieve.md).
#
# spamtest (RFC 5235) goes from 1 to 10: 10 is what the host calls junk or more, 1 nothing at all, 0 not judged.  It needs
# the settings of dovecot-spamtest.conf.  Change the "8" to taste, and leave the first test: what is junk for another
# reason than its score, such as a forged author, need not have a high score.
require ["fileinto", "mailbox", "relational", "comparator-i;ascii-numeric", "spamtest"];

if anyof (
    header :is "X-Spam-Flag" "YES",
    spamtest :value "ge" :comparator "i;ascii-numeric" "8"
) {
    fileinto :create "Junk";
    stop;
}

# File what Postward says is junk into the folder "Junk", which is made where there is none (see docs/sieve.md).
#
# For everybody, before the users' own scripts, in the `plugin` section of Dovecot 2.3:
#   sieve_before = /etc/dovecot/sieve/postward-junk.sieve
# What is filed here is not seen by a user's own scripts, so none of it is answered or forwarded.
#
# Postward removes an X-Spam-Flag that a message from outside brings along.
require ["fileinto", "mailbox"];

if header :is "X-Spam-Flag" "YES" {
    fileinto :create "Junk";
    stop;
}

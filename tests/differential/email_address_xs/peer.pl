# Email::Address::XS as a peer of the differential tests; tests/differential/exchange.py describes what goes over the pipe.
use strict;
use warnings;

use Email::Address::XS qw(parse_email_groups);
use JSON::PP;

$| = 1;
my $json = JSON::PP->new->ascii->canonical;

while (my $line = <STDIN>) {
    my @groups = parse_email_groups($json->decode($line)->{value});
    my (@hosts, $faulty);
    while (my ($name, $addresses) = splice(@groups, 0, 2)) {
        for my $address (@$addresses) {
            $faulty ||= !$address->is_valid;
            push @hosts, $address->host // '';
        }
    }
    print $json->encode({ result => { hosts => \@hosts, valid => $faulty ? \0 : \1 } }), "\n";
}

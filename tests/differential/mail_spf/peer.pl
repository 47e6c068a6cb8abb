# Mail::SPF as a peer of the differential tests; tests/differential/exchange.py describes what goes over the pipe.
use strict;
use warnings;

use JSON::PP;
use Mail::SPF;
use Net::DNS;

$| = 1;
my $json = JSON::PP->new->ascii->canonical;

sub receive { my $line = <STDIN>; defined $line ? $json->decode($line) : undef }
sub tell_them { print $json->encode(shift), "\n" }

package Questioner;

my %RCODE = (ok => 'NOERROR', nodata => 'NOERROR', nxdomain => 'NXDOMAIN', servfail => 'SERVFAIL');

sub new { bless { error => '' }, shift }
sub errorstring { shift->{error} }

sub send {
    my ($self, $name, $type) = @_;
    main::tell_them({ ask => [$name, $type] });
    my $answer = main::receive();
    $self->{error} = $answer->{outcome} eq 'timeout' ? 'query timed out' : '';
    return undef if $self->{error};
    my $packet = Net::DNS::Packet->new('question.invalid', $type);
    $packet->header->rcode($RCODE{ $answer->{outcome} });
    $packet->push(answer => record($name, $type, $_)) for @{ $answer->{records} };
    return $packet;
}

sub record {
    my ($name, $type, $data) = @_;
    my %fields = $type eq 'TXT' ? (txtdata => [strings($data)])
        : $type eq 'MX'         ? (preference => $data->[0], exchange => $data->[1])
        : $type eq 'PTR'        ? (ptrdname => $data)
        :                         (address => $data);
    # The owner plays no part, and Net::DNS refuses some that SPF can ask for.
    return Net::DNS::RR->new(owner => 'answer.invalid', type => $type, %fields);
}

sub strings { my ($text) = @_; return length $text ? unpack('(a255)*', $text) : ('') }

package main;

# It counts void look-ups where RFC 7208 counts terms; other tests are about that limit.
my $server = Mail::SPF::Server->new(
    dns_resolver         => Questioner->new,
    hostname             => 'mx.example.net',
    max_void_dns_lookups => undef,
);

while (my $case = receive()) {
    my $result = eval {
        my $request = Mail::SPF::Request->new(
            scope         => 'mfrom',
            identity      => $case->{identity},
            ip_address    => $case->{ip},
            helo_identity => $case->{helo},
        );
        my $found = $server->process($request);
        { result => $found->code, why => $found->text };
    } || { result => 'exception', why => "$@" };
    tell_them({ result => $result });
}

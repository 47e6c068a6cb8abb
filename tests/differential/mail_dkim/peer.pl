# Mail::DKIM as a peer of the differential tests; tests/differential/exchange.py describes what goes over the pipe.
use strict;
use warnings;

use JSON::PP;
use Mail::DKIM::ARC::Verifier;
use Mail::DKIM::DNS;
use Mail::DKIM::Verifier;
use MIME::Base64;

$| = 1;
my $json = JSON::PP->new->ascii->canonical;

sub receive { my $line = <STDIN>; defined $line ? $json->decode($line) : undef }
sub tell_them { print $json->encode(shift), "\n" }

{
    # What it takes of a record of Net::DNS.
    package TextRecord;
    sub new { my ($class, $text) = @_; return bless { text => $text }, $class }
    sub type { 'TXT' }
    sub txtdata { return (shift->{text}) }
}

{
    no warnings 'redefine';
    *Mail::DKIM::DNS::query = sub {
        my ($name, $type) = @_;
        tell_them({ ask => [$name, $type] });
        my $answer = receive();
        die "DNS error: $answer->{outcome}\n" if $answer->{outcome} =~ /servfail|timeout/;
        $@ = { ok => 'NOERROR', nodata => 'NODATA' }->{ $answer->{outcome} } || 'NXDOMAIN';
        return map { TextRecord->new($_) } @{ $answer->{records} };
    };
}

my %CLASSES = (arc => 'Mail::DKIM::ARC::Verifier', dkim => 'Mail::DKIM::Verifier');

while (my $case = receive()) {
    my $results = eval {
        my $verifier = $CLASSES{ $case->{kind} }->new(Strict => 1);
        $verifier->PRINT(decode_base64($case->{message}));
        $verifier->CLOSE;
        $case->{kind} eq 'arc' ? [$verifier->result] : [map { $_->result } $verifier->signatures];
    } || ["exception: $@"];
    tell_them({ result => $results });
}

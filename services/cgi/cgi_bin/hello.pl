#!/usr/bin/perl
# The same in Perl, the language most CGI scripts once were in.
use strict;
use warnings;
print "Content-Type: text/plain; charset=utf-8\n\n";
print "Hello from Perl, $ENV{REMOTE_ADDR}. You asked for $ENV{SCRIPT_NAME} by $ENV{REQUEST_METHOD}.\n";

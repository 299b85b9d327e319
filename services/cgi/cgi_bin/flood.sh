#!/bin/sh
# Prints without end: the server stops reading after a while, and stops the script.
printf 'Content-Type: text/plain\n\n'
exec yes 'and so on'

#!/bin/sh
# A script that leaves a process behind, in a session of its own and with its output held open.
setsid sleep 24.5 &
printf 'Content-Type: text/plain\n\nI have left process %s behind.\n' "$!"

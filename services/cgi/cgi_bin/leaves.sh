#!/bin/sh
# A script that leaves a process behind, in a session of its own and with its output held open.
setsid sleep 24.5 &
until read -r name < /proc/$!/comm && [ "$name" = sleep ]; do :; done 2> /dev/null
printf 'Content-Type: text/plain\n\nI have left process %s behind.\n' "$!"

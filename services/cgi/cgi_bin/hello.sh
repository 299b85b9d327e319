#!/bin/sh
# The same in the shell's language: a script only prints, and reads its environment.
echo "Content-Type: text/plain; charset=utf-8"
echo
echo "Hello from sh, $REMOTE_ADDR. You asked for $SCRIPT_NAME by $REQUEST_METHOD."

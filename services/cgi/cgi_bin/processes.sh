#!/bin/sh
# How many processes named sleep there are: each script's are to end with it.
printf 'Content-Type: text/plain\n\n'
for each in /proc/[0-9]*/comm; do
    read -r name < "$each" && [ "$name" = sleep ] && echo "$name"
done 2> /dev/null
exit 0

#!/usr/bin/env python3
"""All that a script is told: its environment, a line for each variable, and then its standard input."""

import os
import shutil
import sys

print("Content-Type: text/plain; charset=utf-8")
print()
for name, value in sorted(os.environ.items()):
    print(f"{name}={value.encode('unicode_escape').decode()}")
print()
sys.stdout.flush()
shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)

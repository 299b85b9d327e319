#!/usr/bin/env python3
"""Says a proper header, and then never ends."""

import time

print("Content-Type: text/plain\n\nJust a moment...", flush=True)
while True:
    time.sleep(1)

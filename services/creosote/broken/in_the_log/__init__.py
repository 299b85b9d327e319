"""Buckets whose mistake no client can see: only who reads what they print will find it."""

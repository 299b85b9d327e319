"""Whether a container is pristine: its fingerprint against that of a fresh one, in words.

`facts` reads the fingerprint, `pristine` knows what it should be, `compare` finds the
differences, `verification` does all three for the services of a lab. Nothing here mends.
"""

"""Whether a container is pristine: its fingerprint against that of a fresh one, in words.

`facts` has the fingerprint taken, `pristine` knows what it should be, `compare` tells the
differences, `verification` does all three for the services of a lab. Nothing here mends.
"""

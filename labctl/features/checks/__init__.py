"""The conformance checks: run from a fresh toolbox container, reported as data, rendered as text.

`run` runs them, `transcript` reads what the checker writes and sees to it that nothing is lost, `result` is
the one form of an outcome, `report` sums results up, `junit` and `tap` are two text formats.
"""

"""The conformance checks: run from a fresh toolbox container, told as data, rendered as text.

`run` runs them and yields results, `report` sums them up, `junit` and `tap` are two text formats.
"""

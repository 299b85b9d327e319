"""Buckets with one mistake each that shows from outside; those in `in_the_log` show in the log alone."""

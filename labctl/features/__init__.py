"""One room for each thing labctl does. A room is given an Engine and a lab; it never builds one.

What changes something is a pure `plan_*` and an `apply_*`. Progress is reported by calling what the
room was given. No room prints, exits, imports `docker` or `yaml`, or names a service.
"""

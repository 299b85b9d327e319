"""The isolation of the labs: rules in the host's firewall.

A network that the Engine calls internal still lets its containers reach every address of the host,
and over IPv6 every other network (DECISIONS has what was tried). What isolates labs is a chain of ours in
each family, entered by all packets from a bridge whose name begins with `lab-`: the same few rules for
any number of labs.

`rules` decides (text in, text out), `firewall_host` is where the commands are run, `ensure` does it.
"""

from labctl.features.isolation.ensure import ensure_isolation, find_isolation_gaps

__all__ = ["ensure_isolation", "find_isolation_gaps"]

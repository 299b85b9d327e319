"""Upper case over UDP."""

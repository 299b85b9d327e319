"""Mr. Creosote's bucket (UDP): takes every datagram, answers none, shows who sent what."""

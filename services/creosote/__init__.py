"""Mr. Creosote's bucket: takes every datagram, answers none, and shows who sent what."""

"""WSGI server: Python applications behind one calling convention (PEP 3333)."""

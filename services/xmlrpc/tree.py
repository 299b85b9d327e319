"""XML from strangers, made a tree: only elements and text, no deeper than need be.

XML allows more than XML-RPC needs. A DOCTYPE can declare entities that grow a thousandfold (the "billion
laughs") or that name a file of the server's. It is refused as soon as it starts.
"""

from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat
from xmlrpc.client import Fault

from services.xmlrpc.functions import NOT_A_CALL, NOT_WELL_FORMED

DEPTH = 200  # elements inside each other; an array in an array is three deeper


def read_tree(message: bytes) -> Element:
    """Return the outermost element.

    Raises:
        Fault: the message is not well-formed, too deep, or has a DOCTYPE.
    """
    tree, depth = TreeBuilder(), 0

    def enter(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH:
            raise Fault(NOT_A_CALL, f"more than {DEPTH} elements inside each other")
        tree.start(name, attributes)

    def leave(name: str) -> None:
        nonlocal depth
        depth -= 1
        tree.end(name)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = enter
    parser.EndElementHandler = leave
    parser.CharacterDataHandler = tree.data
    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        parser.Parse(message, True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # the last two: of its encoding
        raise Fault(NOT_WELL_FORMED, f"not well-formed XML: {error}") from error
    return tree.close()


def refuse_doctype(*declared: Any) -> None:
    """Refuse a DOCTYPE, whatever it declares."""
    raise Fault(NOT_A_CALL, "a DOCTYPE is not taken here")

"""Believes that a field comes once, and that names are as harmless as they look."""

from email.message import Message

from services.cgi import server
from services.web import variables


def field_variables(fields: Message) -> dict[str, str]:
    """Return a variable for each field; the last one wins."""
    return {"HTTP_" + name.upper().replace("-", "_"): value for name, value in fields.items()}


vars(variables)["field_variables"] = field_variables

if __name__ == "__main__":
    server.main()

"""A request as the variables of CGI, one by one (RFC 3875 section 4.1); WSGI's `environ` has them too.

Values are text with a letter for each octet (ISO-8859-1), as PEP 3333 asks for. Not set: AUTH_TYPE,
REMOTE_USER and REMOTE_IDENT, because nobody logs in here; PATH_TRANSLATED, because no path below a script
names a file.
"""

from email.message import Message

from services.journal import peer_name
from services.web.handler import WebHandler
from services.web.head import parse_authority

# They have variables without HTTP_ in front, speak of chunks that are undone before anybody reads the body,
# or, as HTTP_PROXY, would be taken by programs for a setting of their own (httpoxy, CVE-2016-5385).
NEVER_HTTP = {"content-length", "content-type", "proxy", "transfer-encoding"}


def request_variables(handler: WebHandler) -> dict[str, str]:
    """Return the variables that tell a request, but for those that stand in its path."""
    fields = handler.headers
    own_address = handler.connection.getsockname()
    address = peer_name(handler.client_address).rpartition(":")[0].strip("[]")
    variables = field_variables(fields) | {
        "REMOTE_ADDR": address,
        "REMOTE_HOST": address,  # no name is looked up: section 4.1.9 lets the address stand for it
        "REQUEST_METHOD": handler.command,
        "SERVER_NAME": parse_authority(fields.get("Host", "")).host or handler.server.server_name,
        "SERVER_PORT": str(own_address[1] if isinstance(own_address, tuple) else handler.server.server_port),
        "SERVER_PROTOCOL": handler.request_version,
        "SERVER_SOFTWARE": handler.version_string(),
    }
    if "Content-Type" in fields:
        variables["CONTENT_TYPE"] = fields["Content-Type"]
    return variables


def field_variables(fields: Message) -> dict[str, str]:
    """Return `HTTP_*` for the request's fields (section 4.1.18); repeated ones are joined as a list.

    A name with `_` in it is left out: it would pass for the same name with `-`. A proxy that sets
    `X-Auth-User`, and takes away what the client calls so, lets `X_Auth_User` through. Cookies are
    joined by semicolons: a comma may stand within one.
    """
    variables: dict[str, str] = {}
    for name, value in fields.items():
        if "_" not in name and name.lower() not in NEVER_HTTP:
            key = "HTTP_" + name.upper().replace("-", "_")
            glue = "; " if key == "HTTP_COOKIE" else ", "
            variables[key] = f"{variables[key]}{glue}{value}" if key in variables else value
    return variables

"""Takes the first answer for the last one, and does not know that 103 has one behind it."""

from collections.abc import Iterator

from services.proxy import origin, server


class Answer(origin.Answer):
    """Reads one head."""

    def read_heads(self, method: str) -> Iterator[origin.Response]:
        """Yield the first answer, as if it were final."""
        for response in super().read_heads(method):
            yield response._replace(status=max(response.status, 200))
            return


vars(server)["Answer"] = Answer

if __name__ == "__main__":
    server.main()

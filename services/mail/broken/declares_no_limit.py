"""Does not say how big a message may be, and does not read what MAIL declares."""

from services.mail import server, smtp


class Conversation(smtp.Conversation):
    """Learns the size of a message when it is there."""

    def __init__(self, rules: smtp.Smtp) -> None:
        super().__init__(rules)
        self.data_size_limit = None


if __name__ == "__main__":
    server.main(conversation_type=Conversation)

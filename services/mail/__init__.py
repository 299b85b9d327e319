"""Mail: SMTP takes messages in, POP3 gives them out, one store lies between."""

"""A greeter: says hello and hangs up."""

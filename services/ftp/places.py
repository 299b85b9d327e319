"""How many connections there may be at one time, control and data together."""


class Places:
    """A number of places, each taken by one connection."""

    def __init__(self, free: int) -> None:
        self.free = free

    def take(self) -> bool:
        """Take one; return whether there was any."""
        if self.free == 0:
            return False
        self.free -= 1
        return True

    def give_back(self) -> None:
        """Give one back."""
        self.free += 1

"""Upper case over TCP on asyncio's streams."""

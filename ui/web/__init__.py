"""The web chat: a page on loopback that shows what the assistant says and runs."""

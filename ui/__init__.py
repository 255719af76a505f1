"""Command line and web chat: show values, decide nothing."""

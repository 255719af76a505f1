"""Docker lines: read, planned, judged, bounded, explained. Nothing here talks to an Engine."""

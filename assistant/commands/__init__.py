"""Docker lines: read, planned, judged, bounded. Pure; nothing here talks to an Engine."""

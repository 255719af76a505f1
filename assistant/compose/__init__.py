"""Compose files: read, judged service by service, and planned as the requests they mean."""

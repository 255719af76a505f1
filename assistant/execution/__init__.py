"""Verdicts to runs on a Docker Engine: approved, bounded, recorded, cleaned up."""

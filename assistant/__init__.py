"""Questions, commands, execution."""

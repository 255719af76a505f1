"""Lines for a shell, tried out in a throwaway container instead of on this machine."""

"""Lines for a shell of this machine: whether what they want holds already. Nothing of them is ever run."""

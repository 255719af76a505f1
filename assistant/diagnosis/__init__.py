"""Failed runs and pasted errors: what happened, why, what to try, and where the notes tell of it."""

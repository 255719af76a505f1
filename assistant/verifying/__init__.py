"""The commands of notes, carried out to see which of them work here, and the stamps they get."""

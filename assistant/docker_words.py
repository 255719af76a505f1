"""Words that docker itself has: its subcommands, their groups, and the instructions of a Dockerfile."""

from __future__ import annotations

COMMANDS = frozenset(
    """attach build commit cp create diff exec export history images import info inspect kill load login
    logout logs pause port ps pull push rename restart rm rmi run save search start stats stop tag top
    unpause update version wait""".split()  # noqa: SIM905 - a list of quoted words would be twice as long
)
"""Subcommands. Source: docker's CLI reference; those that also name a thing (image, volume) are groups."""

GROUPS = frozenset(
    """builder buildx compose container context image manifest network plugin secret service stack swarm
    system volume""".split()  # noqa: SIM905
)
"""Groups of subcommands. Source: docker's CLI reference."""

INSTRUCTIONS = frozenset(
    """ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL ONBUILD RUN SHELL STOPSIGNAL USER
    VOLUME WORKDIR""".split()  # noqa: SIM905
)
"""Instructions of a Dockerfile. Source: Dockerfile reference."""

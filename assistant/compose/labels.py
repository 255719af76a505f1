"""The labels by which docker compose, and docknotes, find what belongs to a project."""

from __future__ import annotations

from collections.abc import Iterable

PROJECT = "com.docker.compose.project"
SERVICE = "com.docker.compose.service"
NUMBER = "com.docker.compose.container-number"
HASH = "com.docker.compose.config-hash"
NEEDS = "com.docker.compose.depends_on"
VOLUME = "com.docker.compose.volume"
NETWORK = "com.docker.compose.network"


def of_container(
    project: str, service: str, number: int, needs: Iterable[tuple[str, str]] = ()
) -> dict[str, str]:
    """Labels of one container of a service; ``needs`` are services it waits for, with the condition."""
    found = {PROJECT: project, SERVICE: service, NUMBER: str(number), "com.docker.compose.oneoff": "False"}
    waits = ",".join(f"{name}:{condition}:false" for name, condition in needs)
    return found | ({NEEDS: waits} if waits else {})


def of_network(project: str, key: str) -> dict[str, str]:
    """Labels of a network."""
    return {PROJECT: project, NETWORK: key}


def of_volume(project: str, key: str) -> dict[str, str]:
    """Labels of a volume."""
    return {PROJECT: project, VOLUME: key}

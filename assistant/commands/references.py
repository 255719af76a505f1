"""Image references: which registry, repository, tag and digest a name means.

Source: distribution/reference, the grammar of image names.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from assistant.errors import CommandSyntaxError
from knowledge.language import Text

_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_PATH = re.compile(rf"{_COMPONENT}(?:/{_COMPONENT})*")
_HOST = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
    r"|\[[A-Fa-f0-9:]+\])(?::[0-9]+)?"
)
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}")
_ID = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Reference:
    """A name of an image, spelt out: ``docker.io``, ``library/nginx``, ``latest``."""

    registry: str
    path: str
    tag: str | None
    digest: str | None

    @property
    def repository(self) -> str:
        """Registry and path, as the Engine takes it."""
        return f"{self.registry}/{self.path}"


def parse_reference(text: str) -> Reference:
    """The parts of an image name.

    Raises:
        CommandSyntaxError: it is no image name.
    """
    name, at, digest = text.partition("@")
    head, slash, tail = name.partition("/")
    is_registry = slash and ("." in head or ":" in head or head == "localhost" or head.lower() != head)
    registry, rest = (head, tail) if is_registry else ("docker.io", name)
    path, colon, tag = rest.partition(":")
    if registry == "index.docker.io":
        registry = "docker.io"
    if registry == "docker.io" and "/" not in path:
        path = f"library/{path}"
    if (
        not _HOST.fullmatch(registry)
        or not _PATH.fullmatch(path)
        or (colon and not _TAG.fullmatch(tag))
        or (at and not _DIGEST.fullmatch(digest))
        or len(path) > 255
    ):
        raise _invalid(text, path)
    return Reference(registry, path, tag if colon else None, digest if at else None)


def is_image_id(text: str) -> bool:
    """Whether a name is a whole image id, which needs no registry."""
    return bool(_ID.fullmatch(text))


def _invalid(text: str, path: str) -> CommandSyntaxError:
    upper = path.lower() != path
    return CommandSyntaxError(
        Text(
            en=f"`{text}` is no image name" + ("; image names are in lower case." if upper else "."),
            zh=f"`{text}` 不是有效的镜像名" + ("；镜像名必须是小写。" if upper else "。"),
        ),
        word=text,
    )


def is_private(registry: str) -> bool:
    """Whether a registry's name means this machine or a private network."""
    host = registry.rsplit(":", 1)[0] if re.search(r":[0-9]+$", registry) else registry
    host = host.strip("[]").lower().rstrip(".")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        plain = "." not in host or re.fullmatch(r"[0-9.]+|0x[0-9a-f.x]+", host) is not None
        return plain or host.endswith(
            (".local", ".localhost", ".internal", ".lan", ".home.arpa", ".localdomain")
        )
    return not address.is_global

"""The names an archive of images would give, read from it before an Engine is.

Source: Docker Image Specification v1.2, ``manifest.json`` and ``repositories``; OCI Image Layout 1.0,
``index.json`` with ``org.opencontainers.image.ref.name`` and containerd's ``io.containerd.image.name``.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from typing import IO, Any

from assistant.errors import RefusedPlanError
from assistant.execution.made_images import full_name
from knowledge.language import Text

_MOST_ENTRIES = 200_000
_MOST_TEXT_BYTES = 8 * 1024**2
_NAMED = "io.containerd.image.name"


def names_in(file: IO[bytes], path: str) -> dict[str, str]:
    """Full name to the id the archive claims for it (empty where it claims none).

    Raises:
        RefusedPlanError: it is no archive of images, or one that can be read in two ways.
    """
    try:
        found = _texts(file, path)
        names: dict[str, str] = {}
        for text, read in _READERS.items():  # the last one knows most
            if text in found:
                names |= {full_name(name): identity for name, identity in read(found[text])}
    except (tarfile.TarError, OSError, EOFError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise _refused(_NO_ARCHIVE, path) from error
    if not found:
        raise _refused(_NO_ARCHIVE, path)
    return names


def _texts(file: IO[bytes], path: str) -> dict[str, Any]:
    """The three files that name images; each at most once, as plain files, and through no link."""
    found: dict[str, Any] = {}
    links = set[str]()
    with tarfile.open(fileobj=file, mode="r:*") as archive:
        for number, entry in enumerate(archive):
            parts = [part for part in entry.name.split("/") if part not in {"", "."}]
            name = "/".join(parts)
            below = {"/".join(parts[:length]) for length in range(1, len(parts))}
            if number > _MOST_ENTRIES or ".." in parts or below & links:
                raise _refused(_STRANGE, path)
            if entry.issym() or entry.islnk():
                links.add(name)
            if name not in _READERS:
                continue
            content = archive.extractfile(entry) if entry.isreg() else None
            if name in found or content is None or entry.size > _MOST_TEXT_BYTES:
                raise _refused(_STRANGE, path)
            found[name] = json.loads(content.read())
    if found.keys() & links:
        raise _refused(_STRANGE, path)
    return found


def _manifest(images: Any) -> Iterator[tuple[str, str]]:
    for image in images:
        digest = str(image["Config"]).rpartition("/")[2].removesuffix(".json")
        for name in image.get("RepoTags") or ():
            yield str(name), f"sha256:{digest}"


def _repositories(repositories: Any) -> Iterator[tuple[str, str]]:
    for repository, tags in repositories.items():
        for tag in tags:
            yield f"{repository}:{tag}", ""


def _index(index: Any) -> Iterator[tuple[str, str]]:
    for manifest in index.get("manifests") or ():
        name = (manifest.get("annotations") or {}).get(_NAMED)
        if name:
            yield str(name), ""


_READERS = {"index.json": _index, "repositories": _repositories, "manifest.json": _manifest}


def _refused(text: Text, path: str) -> RefusedPlanError:
    return RefusedPlanError(text.filled(path=path))


_NO_ARCHIVE = Text(
    "{path} is no archive of images as `docker save` writes it.",
    "{path} 不是 `docker save` 生成的镜像归档。",
)
_STRANGE = Text(
    "{path} is an archive that could be read in two ways (links, or a file twice), so it is not loaded.",
    "{path} 这个归档可能有两种读法（含有链接或重复的文件），因此不载入。",
)

"""Images made on the spot from Debian's static busybox, tagged with the names the notes use.

No registry is asked. They behave like their namesakes as far as the notes' commands go: a shell,
a web server on port 80, a welcome text.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

import docker  # type: ignore[import-untyped]

PATH_ENV = "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
WELCOME = "\nHello from Docker!\nThis message shows that your installation appears to be working correctly.\n"
INDEX = "<!doctype html><title>Welcome to nginx!</title><h1>Welcome to nginx!</h1>\n"

SERVER = "#!/bin/sh\ntrap 'exit 0' TERM INT QUIT\nhttpd -f -p 80 -h /www &\nwait\n"
BASE_FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n",
    "etc/group": "root:x:0:\n",
    "bin/bash": '#!/bin/sh\nexec /bin/sh "$@"\n',
}
IMAGES: Mapping[str, tuple[Mapping[str, str], tuple[str, ...]]] = {
    "busybox:latest": ({}, ('CMD ["sh"]',)),
    "ubuntu:latest": ({}, ('CMD ["bash"]',)),
    "nginx:latest": (
        {"www/index.html": INDEX, "bin/server": SERVER},
        ('CMD ["server"]', "EXPOSE 80"),
    ),
    "hello-world:latest": ({"welcome": WELCOME}, ('CMD ["cat", "/welcome"]',)),
}


def _busybox() -> Path:
    for candidate in ("/bin/busybox", shutil.which("busybox") or ""):
        if candidate and Path(candidate).exists():
            return Path(candidate)
    raise FileNotFoundError("busybox-static is not installed")


def root_file_system(files: Mapping[str, str]) -> bytes:
    """A tar of a root file system: busybox with a link for each applet, ``bash`` too, and ``files``."""
    busybox = _busybox()
    applets = subprocess.run(
        [str(busybox), "--list"], check=True, capture_output=True, text=True
    ).stdout.split()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, mode in (("bin", 0o755), ("etc", 0o755), ("tmp", 0o1777), ("root", 0o700), ("www", 0o755)):
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, mode
            tar.addfile(folder)
        program = tarfile.TarInfo("bin/busybox")
        program.mode, program.size = 0o755, busybox.stat().st_size
        with busybox.open("rb") as content:
            tar.addfile(program, content)
        for applet in sorted({*applets, "sh"} - {"busybox"}):
            link = tarfile.TarInfo(f"bin/{applet}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)
        texts = {**BASE_FILES, **files}
        for name, text in texts.items():
            data = text.encode()
            entry = tarfile.TarInfo(name)
            entry.mode, entry.size = 0o755, len(data)
            tar.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def make_image(address: str, tag: str, files: Mapping[str, str], changes: tuple[str, ...]) -> None:
    """Puts one image on the Engine."""
    api = docker.APIClient(base_url=address, version="auto")
    try:
        repository, _, version = tag.rpartition(":")
        api.import_image_from_data(
            root_file_system(files), repository=repository, tag=version, changes=[PATH_ENV, *changes]
        )
    finally:
        api.close()


def make_images(address: str) -> None:
    """Puts all the images of the notes on the Engine."""
    for tag, (files, changes) in IMAGES.items():
        make_image(address, tag, files, changes)

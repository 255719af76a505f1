"""Sockets and devices in a folder that a container would see, however deep they lie."""

from __future__ import annotations

import os
import stat

from knowledge.language import Text

MOST_ENTRIES = 200_000
"""Entries that are looked at below one folder; one with more is refused: nobody knows what is in it."""

SOCKET = Text(
    en="the Engine's socket would be handed to the container, and with it this machine",
    zh="引擎的套接字会交给容器，本机也就交给了它",
)


def why_special(path: str) -> Text | None:
    """Why a file or folder must not be mounted: it is a socket or device, or holds one at any depth.

    Links are not followed: they mean something else in the container. A path that is not there is fine,
    the Engine makes an empty folder of it.
    """
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return None
    if not stat.S_ISDIR(mode):
        return None if stat.S_ISREG(mode) else SOCKET
    return _below(path)


def _below(folder: str) -> Text | None:
    waiting, seen = [folder], 0
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    seen += 1
                    if seen > MOST_ENTRIES:
                        return Text(
                            en=f"`{folder}` holds more than {MOST_ENTRIES} files, too many to look for "
                            "sockets among them; mount a folder further in",
                            zh=f"`{folder}` 中的文件超过 {MOST_ENTRIES} 个，无法逐一检查是否有套接字；"
                            "请挂载更里层的目录",
                        )
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    elif _is_channel(entry):
                        return Text(
                            en=f"`{entry.path}` is a socket or device: it would hand a service of this "
                            "machine to the container",
                            zh=f"`{entry.path}` 是套接字或设备：本机的服务会因此交给容器",
                        )
        except FileNotFoundError:
            continue  # gone since it was listed
        except OSError:
            return Text(
                en=f"`{here}` cannot be looked into, so nobody knows whether a socket lies there",
                zh=f"无法查看 `{here}`，不知道其中是否有套接字",
            )
    return None


def _is_channel(entry: os.DirEntry[str]) -> bool:
    if entry.is_symlink() or entry.is_file(follow_symlinks=False):
        return False
    mode = entry.stat(follow_symlinks=False).st_mode
    return stat.S_ISSOCK(mode) or stat.S_ISBLK(mode) or stat.S_ISCHR(mode)

"""The keys a policy file may hold: form, ceiling and meaning of each.

A ceiling is what no file can go beyond; together with what ``body_tables`` never lets through it makes up
the never-list. Names of capabilities: capabilities(7); names of ulimits: docker CLI 28.2, ``--ulimit``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from assistant.commands import body_tables
from assistant.commands.references import is_private
from knowledge.language import Text

Form = Literal["names", "number", "switch", "word", "words", "numbers"]


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its form, what its values may be (None: anything of the form), and what it means.

    ``ceiling`` holds names (``names``, ``word``), the words each name may have (``words``), or the
    highest number of each name (``numbers``; of a lone ``number`` under the empty name).
    """

    form: Form
    meaning: Text
    ceiling: Mapping[str, Any] | None = None
    adds: bool = False


def _names(*names: str) -> dict[str, None]:
    return dict.fromkeys(names)


KEYS: Mapping[str, Key] = {
    "registries": Key(
        "names",
        Text("Registries of images; a leading dot means a domain.", "可用的镜像仓库；以点开头表示域名。"),
    ),
    "capabilities": Key(
        "names",
        Text("All the capabilities a container has or can be given.", "容器拥有或可以获得的全部权能。"),
        _names(
            "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "NET_BIND_SERVICE", "NET_RAW",
            "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
        ),
    ),
    "log_drivers": Key(
        "names", Text("Where output may be logged.", "允许的日志驱动。"), _names("json-file", "local", "none")
    ),
    "log_options": Key(
        "names",
        Text("Options of these.", "日志驱动的选项。"),
        _names("max-size", "max-file", "compress", "mode", "max-buffer-size"),
    ),
    "restart_policies": Key(
        "names",
        Text("Whether containers may start again by themselves.", "容器可以怎样自行重启。"),
        _names("no", "on-failure", "always", "unless-stopped"),
    ),
    "ipc_modes": Key("names", Text("Shared memory.", "共享内存方式。"), _names("private", "none")),
    "bind_modes": Key(
        "names",
        Text("How folders of the workspace may be mounted.", "工作区目录的挂载方式。"),
        _names("ro", "rw", "nocopy", "consistent", "cached", "delegated", "rprivate", "private"),
    ),
    "writable_folders": Key(
        "switch", Text("Whether containers may write to folders.", "容器能否写入工作区目录。")
    ),
    "tmpfs_options": Key(
        "names",
        Text("Options of tmpfs.", "tmpfs 的选项。"),
        _names("rw", "ro", "exec", "noexec", "nosuid", "nodev", "noatime"),
    ),
    "tmpfs_settings": Key(
        "names",
        Text("Settings of tmpfs that take a number.", "tmpfs 中带数值的设置。"),
        _names("size", "mode", "uid", "gid"),
    ),
    "gpu_capabilities": Key(
        "names",
        Text("What may be asked of a GPU.", "可以向 GPU 请求的能力。"),
        _names("gpu", "compute", "utility", "video", "graphics"),
    ),
    "stop_seconds": Key(
        "number", Text("The longest a stop may wait, in seconds.", "停止操作最多等待的秒数。"), {"": 120}
    ),
    "background_seconds": Key(
        "number",
        Text(
            "The longest a container may run in the background, in seconds; 0 for no limit.",
            "容器在后台最多运行的秒数；0 表示不限。",
        ),
        {"": 366 * 24 * 3600},
    ),
    "sockets": Key(
        "names",
        Text("Sockets of engines on this machine; a file adds to them.", "本机引擎的套接字；文件只能增加。"),
        adds=True,
    ),
    "foreign": Key(
        "word",
        Text("Objects docknotes did not make.", "不是由 docknotes 创建的对象。"),
        _names("ask", "refuse"),
    ),
    "build_network": Key(
        "word", Text("The network of the steps of a build.", "构建步骤使用的网络。"), _names("none", "bridge")
    ),
    "decisions": Key(
        "words",
        Text("Whether each kind of command waits for a person.", "每类命令是否需要批准。"),
        {
            "run": ("allow", "ask", "refuse"),
            "pull": ("allow", "ask", "refuse"),
            "stop": ("ask", "refuse"),
            "remove": ("ask", "refuse"),
            "create": ("allow", "ask", "refuse"),
            "change": ("ask", "refuse"),
            "exec": ("ask", "refuse"),
            "copy": ("ask", "refuse"),
            "build": ("ask", "refuse"),
            "push": ("ask", "refuse"),
        },
    ),
    "ulimits": Key(
        "numbers",
        Text("The highest hard limit of each --ulimit.", "每项 --ulimit 的最高硬限制。"),
        {
            "core": 1024**3, "cpu": 86400, "fsize": 1024**4, "memlock": 1024**3, "nofile": 1024**2,
            "nproc": 65536, "stack": 1024**3,
        },
    ),
}  # fmt: skip

ALWAYS_EMPTY = ("log_drivers", "restart_policies", "ipc_modes")
"""Lists where saying nothing, as most lines do, is allowed besides."""

_FIXED = {"never", "owner", "ownerlabel", "runlabel", "networknames"}


def _plain(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())


def never_list() -> tuple[str, ...]:
    """Keys of a container's body that no file opens, in the Engine's spelling."""
    tables = {**body_tables.HOST_RULES, **body_tables.CONFIG_RULES}
    return tuple(sorted(key for key, rule in tables.items() if rule in {"empty", "unset"}))


def is_never(name: str) -> bool:
    """Whether a key of a file means something of the never-list, in any spelling or as docker's flag."""
    known = {_plain(key) for key in never_list()}
    known |= {_plain(flag.split()[0]) for key, flag in body_tables.FLAG_OF.items() if key in never_list()}
    return _plain(name) in known | _FIXED


def is_never_registry(name: str) -> bool:
    """Whether a registry is this machine or a private network, or all of them."""
    return (
        name in {"", ".", "*"}
        or (name.count(".") < 2 and name.startswith("."))
        or is_private(name.lstrip("."))
    )

"""Which key of a service is which flag of ``docker run``, and which keys are not carried out, and why.

Source: Compose specification, services; docker CLI 28.2, ``docker run --help``.
"""

from __future__ import annotations

from knowledge.language import Text

TEXTS = {
    "cgroup": "cgroupns",
    "cgroup_parent": "cgroup-parent",
    "cpu_period": "cpu-period",
    "cpu_quota": "cpu-quota",
    "cpu_shares": "cpu-shares",
    "cpus": "cpus",
    "cpuset": "cpuset-cpus",
    "domainname": "domainname",
    "hostname": "hostname",
    "ipc": "ipc",
    "isolation": "isolation",
    "mem_limit": "memory",
    "mem_reservation": "memory-reservation",
    "mem_swappiness": "memory-swappiness",
    "memswap_limit": "memory-swap",
    "oom_score_adj": "oom-score-adj",
    "pid": "pid",
    "pids_limit": "pids-limit",
    "runtime": "runtime",
    "shm_size": "shm-size",
    "stop_signal": "stop-signal",
    "user": "user",
    "userns_mode": "userns",
    "uts": "uts",
    "working_dir": "workdir",
}
"""Keys with one value."""

SWITCHES = {
    "init": "init",
    "oom_kill_disable": "oom-kill-disable",
    "privileged": "privileged",
    "read_only": "read-only",
    "stdin_open": "interactive",
    "tty": "tty",
}
LISTS = {
    "cap_add": "cap-add",
    "cap_drop": "cap-drop",
    "device_cgroup_rules": "device-cgroup-rule",
    "devices": "device",
    "dns": "dns",
    "dns_opt": "dns-option",
    "dns_search": "dns-search",
    "expose": "expose",
    "group_add": "group-add",
    "links": "link",
    "security_opt": "security-opt",
    "volumes_from": "volumes-from",
}
PAIRS = {
    "annotations": "annotation",
    "labels": "label",
    "storage_opt": "storage-opt",
    "sysctls": "sysctl",
}
"""Maps, or lists of ``name=value``."""

BY_HAND = frozenset(
    [
        "build",
        "command",
        "configs",
        "container_name",
        "depends_on",
        "deploy",
        "entrypoint",
        "env_file",
        "environment",
        "extra_hosts",
        "gpus",
        "healthcheck",
        "image",
        "logging",
        "network_mode",
        "networks",
        "platform",
        "ports",
        "profiles",
        "pull_policy",
        "restart",
        "scale",
        "secrets",
        "stop_grace_period",
        "tmpfs",
        "ulimits",
        "volumes",
    ]
)
"""Keys with a form of their own."""

KNOWN = frozenset([*TEXTS, *SWITCHES, *LISTS, *PAIRS, *BY_HAND])

_HOOK = Text(
    "commands at the start and end of a container are not carried out here; put them into `command`.",
    "这里不执行容器启动和停止时的钩子命令；请写入 `command`。",
)
REFUSED = {
    "extends": Text(
        "services are not put together from others here; share keys within the file with an anchor "
        "(`&name`, `<<: *name`).",
        "这里不支持继承其他服务；请在文件内用锚点（`&名称`、`<<: *名称`）共享配置。",
    ),
    "credential_spec": Text("credentials of the Engine are never handed out.", "不会交出引擎的凭据。"),
    "use_api_socket": Text(
        "it hands the Engine's socket to the container, which would rule this machine.",
        "它会把引擎的套接字交给容器，容器就能控制本机。",
    ),
    "external_links": Text(
        "it opens containers of others to the service; put both on one network.",
        "它会让服务访问其他容器；请把两者放在同一个网络中。",
    ),
    "develop": Text(
        "files are not watched and copied here; mount the folder instead.",
        "这里不监视和同步文件；请改用目录挂载。",
    ),
    "mac_address": Text("a hardware address of its own is not needed here.", "这里不需要自定义 MAC 地址。"),
    "provider": Text("it would start a program on this machine.", "它会在本机启动程序。"),
    "models": Text("models are served by a program on this machine.", "模型由本机的程序提供。"),
    "post_start": _HOOK,
    "pre_stop": _HOOK,
    "blkio_config": Text("limits per disk name devices of this machine.", "按磁盘限速会指定本机设备。"),
    "label_file": Text("write the labels under `labels`.", "请把标签写在 `labels` 下。"),
}
"""Keys that are known and not carried out."""

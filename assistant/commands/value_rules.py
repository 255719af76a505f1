"""Rules for the plain values of a container-create body."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from assistant.commands.networks import is_user_defined
from assistant.commands.references import is_image_id, parse_reference
from assistant.commands.rule_context import Context, Rule
from assistant.config import Limits
from assistant.errors import CommandSyntaxError
from assistant.values import Reason
from knowledge.language import Text

UNMASKED = Text(
    en="the protected parts of /proc and /sys would be open, and with them this machine's kernel",
    zh="/proc 和 /sys 中受保护的部分会被打开，本机内核也会随之暴露",
)
NO_NEW_PRIVILEGES = "no-new-privileges:true"
_FORM = Text(en="its value has no form that is known", zh="它的值不是已知的形式")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def _text(value: Any, context: Context) -> Text | None:
    return None if value is None or (isinstance(value, str) and "\0" not in value) else _FORM


def _texts(value: Any, context: Context) -> Text | None:
    if value is None:
        return None
    fits = isinstance(value, (list, tuple)) and all(
        isinstance(item, str) and "\0" not in item for item in value
    )
    return None if fits else _FORM


def _switch(value: Any, context: Context) -> Text | None:
    return None if value is None or isinstance(value, bool) else _FORM


def _number(value: Any, context: Context) -> Text | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= -1):
        return None
    return _FORM


def _swappiness(value: Any, context: Context) -> Text | None:
    return None if value is None or (isinstance(value, int) and -1 <= value <= 100) else _FORM


def _memory(value: Any, context: Context) -> Text | None:
    return _number(value, context) if value is None or value >= 0 else _FORM


def _stop_timeout(value: Any, context: Context) -> Text | None:
    if value is None or (isinstance(value, int) and (not context.final or 0 <= value <= 120)):
        return None
    return _FORM


def _env(value: Any, context: Context) -> Text | None:
    if (wrong := _texts(value, context)) is not None:
        return wrong
    bare = next((entry for entry in value or () if not entry.partition("=")[1]), None)
    if bare is None:
        return None
    return Text(
        en=f"`{bare}` has no value, so docker would copy it from this machine's environment; write `{bare}=value`",
        zh=f"`{bare}` 没有值，docker 会从本机环境复制它；请写成 `{bare}=值`",
    )


def _image(value: Any, context: Context) -> Text | None:
    if not isinstance(value, str) or not value:
        return _FORM
    if not context.final or is_image_id(value.removeprefix("sha256:")):
        return None  # as written, the plan's image is judged with its placeholders known
    try:
        registry = parse_reference(value).registry
    except CommandSyntaxError:
        return (
            None if re.search(r"[A-Z<>\u3400-\u9fff]", value) else _FORM
        )  # a placeholder; the Engine refuses it
    if context.policy.allows_registry(registry):
        return None
    return Text(en=f"the registry {registry} is not allowed", zh=f"不允许使用镜像仓库 {registry}")


def _labels(value: Any, context: Context) -> Text | None:
    policy = context.policy
    ours = {policy.owner_label, policy.run_label} if context.final else set()
    prefix = policy.owner_label.split(".")[0] + "."
    for name, text in (value or {}).items():
        if not isinstance(name, str) or not isinstance(text, str):
            return _FORM
        if name.casefold().startswith(prefix) and name not in ours:
            return Text(
                en=f"labels that begin with `{prefix}` mark what docknotes made; only it sets them",
                zh=f"以 `{prefix}` 开头的标签用来标记 docknotes 创建的对象，只能由它设置",
            )
    return None


def _ports(value: Any, context: Context) -> Text | None:
    fits = all(
        re.fullmatch(r"[0-9]{1,5}/(?:tcp|udp|sctp)", port) and not entry
        for port, entry in (value or {}).items()
    )
    return None if fits else _FORM


def _bindings(value: Any, context: Context) -> Text | None:
    for port, entries in (value or {}).items():
        if not re.fullmatch(r"[0-9]{1,5}/(?:tcp|udp|sctp)", port):
            return _FORM
        for entry in entries or ():
            if not set(entry) <= {"HostIp", "HostPort"} or not re.fullmatch(
                r"[0-9-]{0,11}", entry.get("HostPort", "")
            ):
                return _FORM
            if context.final and entry.get("HostIp") not in {"127.0.0.1", "::1"}:
                return Text(en="a port would be open to other machines", zh="端口会对其他机器开放")
    return None


def _health(value: Any, context: Context) -> Text | None:
    numbers = {"Interval", "Timeout", "StartPeriod", "StartInterval", "Retries"}
    for key, setting in (value or {}).items():
        if key == "Test":
            if (wrong := _texts(setting, context)) is not None:
                return wrong
        elif key not in numbers or _number(setting, context) is not None:
            return _FORM
    return None


def _log(value: Any, context: Context) -> Text | None:
    policy = context.policy
    if not set(value or {}) <= {"Type", "Config"}:
        return _FORM
    driver, options = (value or {}).get("Type") or "", (value or {}).get("Config") or {}
    if driver not in policy.log_drivers:
        return Text(
            en=f"the log driver `{driver}` would send the output to other programs or machines",
            zh=f"日志驱动 `{driver}` 会把输出发送到其他程序或机器",
        )
    if wrong := next((name for name in options if name not in policy.log_options), None):
        return Text(en=f"the log option `{wrong}` is not listed", zh=f"日志选项 `{wrong}` 不在允许之列")
    return None if all(isinstance(option, str) for option in options.values()) else _FORM


def _network(value: Any, context: Context) -> Text | None:
    mode = value or ""
    if mode == "none" or (
        context.final and (mode == "{network}" or re.fullmatch(context.policy.network_names, mode))
    ):
        return None
    if mode == "host":
        return Text(
            en="it would share this machine's network, with every service on loopback",
            zh="它会共享本机网络，能访问回环地址上的所有服务",
        )
    if mode.startswith("container:"):
        return Text(en="it would share the network of another container", zh="它会共享另一个容器的网络")
    if context.final:
        return Text(
            en="a container gets a network of its own, or none", zh="容器只能使用自己的网络或不使用网络"
        )
    return None if mode in {"", "default", "bridge"} or _NAME.fullmatch(mode) or "<" in mode else _FORM


def _networking(value: Any, context: Context) -> Text | None:
    if not set(value or {}) <= {"EndpointsConfig"}:
        return _FORM
    for name, endpoint in ((value or {}).get("EndpointsConfig") or {}).items():
        if (wrong := _network(name, context)) is not None:
            return wrong
        if context.final and not is_user_defined(name):
            return _FORM
        if named := [key for key, setting in (endpoint or {}).items() if setting and key != "Aliases"]:
            return Text(
                en=f"addresses, links and driver options of its own ({named[0]}) are not needed here",
                zh=f"这里不需要自定义地址、链接或驱动选项（{named[0]}）",
            )
        if (wrong := _texts((endpoint or {}).get("Aliases"), context)) is not None:
            return wrong
    return None


def _restart(value: Any, context: Context) -> Text | None:
    if not set(value or {}) <= {"Name", "MaximumRetryCount"}:
        return _FORM
    name = (value or {}).get("Name") or ""
    return (
        _number((value or {}).get("MaximumRetryCount"), context)
        if name in context.policy.restart_policies
        else _FORM
    )


def _auto_remove(value: Any, context: Context) -> Text | None:
    if context.final and value:
        return Text(
            en="docknotes removes the container itself, after it has read its end",
            zh="docknotes 会在读取结果后自行删除容器",
        )
    return _switch(value, context)


def _console(value: Any, context: Context) -> Text | None:
    return None if all(isinstance(size, int) for size in value or ()) else _FORM


def _cap_add(value: Any, context: Context) -> Text | None:
    for name in value or ():
        if name.upper().removeprefix("CAP_") not in context.policy.capabilities:
            return Text(
                en=f"the capability {name} reaches beyond the container; allowed are "
                + ", ".join(context.policy.capabilities),
                zh=f"权能 {name} 会超出容器的范围；允许的有 " + "、".join(context.policy.capabilities),
            )
    return None


def _cap_drop(value: Any, context: Context) -> Text | None:
    if context.final and list(value or ()) != ["ALL"]:
        return Text(en="all capabilities must be dropped first", zh="必须先放弃全部权能")
    return _texts(value, context)


def _cgroupns(value: Any, context: Context) -> Text | None:
    if value in {None, "", "private"}:
        return None
    return Text(en="it would see the control groups of this machine", zh="它会看到本机的控制组")


def _ipc(value: Any, context: Context) -> Text | None:
    if (value or "") in context.policy.ipc_modes:
        return None
    return Text(
        en="it would share memory with this machine or other containers", zh="它会与本机或其他容器共享内存"
    )


def _addresses(value: Any, context: Context) -> Text | None:
    for address in value or ():
        ipaddress.ip_address(address)
    return None


def _extra_hosts(value: Any, context: Context) -> Text | None:
    for entry in value or ():
        address = entry.partition(":")[2]
        if address == "host-gateway" or ipaddress.ip_address(address).is_loopback:
            return Text(
                en="it would give the container a way to services of this machine",
                zh="它会让容器访问本机的服务",
            )
    return None


def _groups(value: Any, context: Context) -> Text | None:
    return (
        None
        if all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}", group) for group in value or ())
        else _FORM
    )


def _security(value: Any, context: Context) -> Text | None:
    if context.final:
        if list(value or ()) == [NO_NEW_PRIVILEGES]:
            return None
        return Text(
            en=f"the security options are exactly `{NO_NEW_PRIVILEGES}`",
            zh=f"安全选项只能是 `{NO_NEW_PRIVILEGES}`",
        )
    for option in value or ():
        if option not in {"no-new-privileges", "no-new-privileges:true", "no-new-privileges=true"}:
            return Text(
                en=f"`{option[:60]}` would loosen or replace the protections around the container",
                zh=f"`{option[:60]}` 会放宽或替换容器的保护措施",
            )
    return None


def _cpuset(value: Any, context: Context) -> Text | None:
    return None if re.fullmatch(r"[0-9,-]{0,64}", value or "") else _FORM


def _gpus(value: Any, context: Context) -> Text | None:
    policy = context.policy
    for request in value or ():
        known = set(request) <= {"Driver", "Count", "DeviceIDs", "Capabilities", "Options"}
        capabilities = [name for names in request.get("Capabilities") or () for name in names]
        asks_gpu = "gpu" in capabilities and set(capabilities) <= set(policy.gpu_capabilities)
        ids = request.get("DeviceIDs") or ()
        plain = all(
            re.fullmatch(r"[0-9]{1,3}(?::[0-9]{1,3})?|(?:GPU|MIG)-[A-Za-z0-9/-]+|all", id) for id in ids
        )
        driver = request.get("Driver") or ""
        if not known or not asks_gpu or not plain or request.get("Options") or driver not in {"", "nvidia"}:
            return Text(
                en="only plain GPUs can be asked for (`all`, a number, `device=0`), no other devices or driver options",
                zh="只能请求普通 GPU（`all`、数量、`device=0`），不能请求其他设备或驱动选项",
            )
    return None


def _ulimits(value: Any, context: Context) -> Text | None:
    highest = dict(context.policy.ulimits)
    for limit in value or ():
        name = limit["Name"]
        if name not in highest:
            return Text(en=f"the limit `{name}` is not listed", zh=f"限制 `{name}` 不在允许之列")
        hard, soft = limit.get("Hard", 0), limit.get("Soft", 0)
        if context.final and not (0 <= soft <= hard <= highest[name]):
            return Text(
                en=f"the limit `{name}` is above {highest[name]}", zh=f"限制 `{name}` 超过了 {highest[name]}"
            )
    return None


RULES: dict[str, Rule] = {
    "text": _text,
    "texts": _texts,
    "switch": _switch,
    "number": _number,
    "swappiness": _swappiness,
    "memory": _memory,
    "stop_timeout": _stop_timeout,
    "env": _env,
    "image": _image,
    "labels": _labels,
    "ports": _ports,
    "bindings": _bindings,
    "health": _health,
    "log": _log,
    "network": _network,
    "networking": _networking,
    "restart": _restart,
    "auto_remove": _auto_remove,
    "console": _console,
    "cap_add": _cap_add,
    "cap_drop": _cap_drop,
    "cgroupns": _cgroupns,
    "ipc": _ipc,
    "addresses": _addresses,
    "extra_hosts": _extra_hosts,
    "groups": _groups,
    "security": _security,
    "cpuset": _cpuset,
    "gpus": _gpus,
    "ulimits": _ulimits,
}


# ---- bounds that must be there


def missing_bounds(
    body: Mapping[str, Any], host: Mapping[str, Any], context: Context, limits: Limits | None
) -> list[Reason]:
    """The bounds a final body lacks, or that are wider than ``limits``."""
    labels = body.get("Labels")
    owned = isinstance(labels, Mapping) and labels.get(context.policy.owner_label) == context.policy.owner
    log = host.get("LogConfig")
    logged = isinstance(log, Mapping) and log.get("Type") == "none"
    sized = isinstance(log, Mapping) and bool((log.get("Config") or {}).get("max-size"))
    checks = {
        "Labels": owned,
        "LogConfig": logged or sized,
        "CapDrop": list(host.get("CapDrop") or ()) == ["ALL"],
        "SecurityOpt": list(host.get("SecurityOpt") or ()) == [NO_NEW_PRIVILEGES],
        "Memory": _within(host.get("Memory"), limits and limits.memory_bytes),
        "MemorySwap": host.get("MemorySwap") == host.get("Memory"),
        "NanoCpus": _within(host.get("NanoCpus"), limits and round(limits.cpus * 10**9)),
        "PidsLimit": _within(host.get("PidsLimit"), limits and limits.processes),
        "ShmSize": _within(host.get("ShmSize"), limits and limits.shm_bytes),
        "NetworkMode": bool(host.get("NetworkMode")),
        "CpuQuota": not host.get("CpuQuota") and not host.get("CpuPeriod"),
    }
    return [
        Reason(
            f"bounds.{key}",
            Text(
                en=f"The bound `{key}` is missing or wider than allowed.",
                zh=f"缺少限制 `{key}`，或它超出了允许范围。",
            ),
        )
        for key, holds in checks.items()
        if not holds
    ]


def _within(value: Any, most: int | None) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return whole and value > 0 and (most is None or value <= most)

"""Rules for what keeps a container closed: network, rights, GPUs, logs, limits."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from assistant.commands.networks import is_user_defined, named_network
from assistant.commands.rule_context import FORM, NO_NEW_PRIVILEGES, Context, Rule, check_texts
from knowledge.language import Text

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def _bindings(value: Any, context: Context) -> Text | None:
    for port, entries in (value or {}).items():
        if not re.fullmatch(r"[0-9]{1,5}/(?:tcp|udp|sctp)", port):
            return FORM
        for entry in entries or ():
            if not set(entry) <= {"HostIp", "HostPort"} or not re.fullmatch(
                r"[0-9-]{0,11}", entry.get("HostPort", "")
            ):
                return FORM
            if context.final and entry.get("HostIp") not in {"127.0.0.1", "::1"}:
                return Text(en="a port would be open to other machines", zh="端口会对其他机器开放")
    return None


def _log(value: Any, context: Context) -> Text | None:
    policy = context.policy
    if not set(value or {}) <= {"Type", "Config"}:
        return FORM
    driver, options = (value or {}).get("Type") or "", (value or {}).get("Config") or {}
    ours = {"json-file", "local"} if context.final else set()
    if driver not in {*policy.log_drivers, *ours}:
        return Text(
            en=f"the log driver `{driver}` would send the output to other programs or machines",
            zh=f"日志驱动 `{driver}` 会把输出发送到其他程序或机器",
        )
    if wrong := next((name for name in options if name not in policy.log_options), None):
        return Text(en=f"the log option `{wrong}` is not listed", zh=f"日志选项 `{wrong}` 不在允许之列")
    return None if all(isinstance(option, str) for option in options.values()) else FORM


def _network(value: Any, context: Context) -> Text | None:
    mode = value or ""
    if mode == "none" or (
        context.final
        and (
            mode == "{network}"
            or re.fullmatch(context.policy.network_names, mode)
            or named_network(mode)
            or (mode in context.networks and is_user_defined(mode))
        )
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
    return None if mode in {"", "default", "bridge"} or _NAME.fullmatch(mode) or "<" in mode else FORM


def _networking(value: Any, context: Context) -> Text | None:
    endpoints = (value or {}).get("EndpointsConfig") or {}
    if not set(value or {}) <= {"EndpointsConfig"}:
        return FORM
    if len(endpoints) > 1:
        return Text(
            en="it would join several networks; give it one, and the others with `docker network connect`",
            zh="它会同时加入多个网络；请只指定一个，其余的用 `docker network connect` 接入",
        )
    wrong = (_endpoint(name, endpoint or {}, context) for name, endpoint in endpoints.items())
    return next((text for text in wrong if text is not None), None)


def _endpoint(name: str, endpoint: dict[str, Any], context: Context) -> Text | None:
    if (wrong := _network(name, context)) is not None:
        return wrong
    if context.final and not is_user_defined(name):
        return FORM
    if named := [key for key, setting in endpoint.items() if setting and key != "Aliases"]:
        return Text(
            en=f"addresses, links and driver options of its own ({named[0]}) are not needed here",
            zh=f"这里不需要自定义地址、链接或驱动选项（{named[0]}）",
        )
    return check_texts(endpoint.get("Aliases"), context)


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
    return check_texts(value, context)


def _cgroupns(value: Any, context: Context) -> Text | None:
    if value in {None, "", "private"}:
        return None
    return Text(en="it would see the control groups of this machine", zh="它会看到本机的控制组")


def _ipc(value: Any, context: Context) -> Text | None:
    if (value or "") in context.policy.ipc_modes or (context.final and value == "private"):
        return None
    return Text(
        en="it would share memory with this machine or other containers", zh="它会与本机或其他容器共享内存"
    )


def _extra_hosts(value: Any, context: Context) -> Text | None:
    for entry in value or ():
        address = entry.partition(":")[2]
        if address == "host-gateway" or _is_loopback(address):
            return Text(
                en="it would give the container a way to services of this machine",
                zh="它会让容器访问本机的服务",
            )
    return None


def _is_loopback(text: str) -> bool:
    address = ipaddress.ip_address(text.strip("[]"))
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


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


def _gpus(value: Any, context: Context) -> Text | None:
    policy = context.policy
    for request in value or ():
        known = set(request) <= {"Driver", "Count", "DeviceIDs", "Capabilities", "Options"}
        capabilities = [name for names in request.get("Capabilities") or () for name in names]
        asks_gpu = "gpu" in capabilities and set(capabilities) <= set(policy.gpu_capabilities)
        ids = request.get("DeviceIDs") or ()
        plain = all(
            re.fullmatch(r"[0-9]{1,3}(?::[0-9]{1,3})?|(?:GPU|MIG)-[A-Za-z0-9/-]+|all", device)
            for device in ids
        )
        driver = request.get("Driver") or ""
        if not known or not asks_gpu or not plain or request.get("Options") or driver not in {"", "nvidia"}:
            return Text(
                en="only plain GPUs can be asked for (`all`, a number, `device=0`), no other "
                "devices or driver options",
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
    "bindings": _bindings,
    "log": _log,
    "network": _network,
    "networking": _networking,
    "cap_add": _cap_add,
    "cap_drop": _cap_drop,
    "cgroupns": _cgroupns,
    "ipc": _ipc,
    "extra_hosts": _extra_hosts,
    "security": _security,
    "gpus": _gpus,
    "ulimits": _ulimits,
}

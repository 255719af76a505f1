"""One service of a compose file to the container ``docker run`` would make of it.

Everything a service says goes through the flags of ``docker run``, so that one reading and one policy hold
for both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.commands import networks as run_networks
from assistant.commands.create import create_body
from assistant.commands.flags import RUN
from assistant.commands.grammar import Parsed
from assistant.commands.run_plan import placeholders_of
from assistant.compose import forms, parts, service_keys
from assistant.compose import volumes as mounts
from assistant.compose.building import build_line
from assistant.compose.environment import environment
from assistant.compose.interpolation import Variables
from assistant.compose.problems import Problems, WrongKeyError, service
from assistant.compose.volumes import Mounts, Places

__all__ = ["Reading", "Service", "read_service"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What all services of a file are read with; ``files`` are real paths by kind and name."""

    places: Places
    variables: Variables
    networks: Mapping[str, str]
    files: Mapping[str, Mapping[str, str]]
    problems: Problems
    project: str


@dataclass(slots=True)
class Service:
    """A service as it was read.

    ``body`` is the create body as written, without what tells its copies apart; ``keys`` are the file's
    own, ``mounted`` its volumes spelt out.
    """

    name: str
    image: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    platform: str | None = None
    pull: str = "missing"
    build: str | None = None
    container_name: str | None = None
    replicas: int = 1
    profiles: tuple[str, ...] = ()
    needs: dict[str, tuple[str, bool]] = field(default_factory=dict)
    networks: dict[str, list[str]] = field(default_factory=dict)
    priorities: dict[str, int] = field(default_factory=dict)
    volumes: list[str] = field(default_factory=list)
    keys: dict[str, Any] = field(default_factory=dict)
    mounted: list[dict[str, Any]] = field(default_factory=list)


def read_service(name: str, value: Any, reading: Reading) -> Service:
    """The service; what is wrong with it is noted in ``reading.problems``."""
    return _Reader(name, reading).read(value)


class _Reader:
    """Goes through one service; ``flags`` grows on the way."""

    def __init__(self, name: str, reading: Reading) -> None:
        self.reading = reading
        self.where = service(name)
        self.found = Service(name)
        self.flags: dict[str, list[str]] = {"detach": ["true"]}
        self.mounts = Mounts()
        self.keys: dict[str, Any] = {}

    def read(self, value: Any) -> Service:
        problems = self.reading.problems
        with problems.of(self.where, ""):
            self.keys = {key: item for key, item in forms.mapping(value).items() if not key.startswith("x-")}
        for key in sorted(self.keys):
            with problems.of(self.where, key):
                self._take(key, self.keys[key])
        with problems.of(self.where, ""):
            self._image()
        with problems.of(self.where, "networks"):
            self._networks()
        with problems.of(self.where, "environment"):
            self._environment()
        with problems.of(self.where, ""):
            self._body()
        return self.found

    def _take(self, key: str, value: Any) -> None:
        if key in service_keys.REFUSED:
            text = service_keys.REFUSED[key]
            raise WrongKeyError(text.en, text.zh)
        if key not in service_keys.KNOWN:
            raise WrongKeyError("this key is not carried out here.", "这里不支持这个键。")
        if value is None:
            return
        if key in service_keys.TEXTS:
            self.flags[service_keys.TEXTS[key]] = [forms.text(value)]
        elif key in service_keys.SWITCHES:
            self.flags[service_keys.SWITCHES[key]] = [forms.text(forms.switch(value))]
        elif key in service_keys.LISTS:
            self.flags[service_keys.LISTS[key]] = forms.texts(value)
        elif key in service_keys.PAIRS:
            pairs = forms.pairs(value)
            self.flags[service_keys.PAIRS[key]] = [f"{name}={item or ''}" for name, item in pairs.items()]
        else:
            getattr(self, f"_take_{key}", _nothing)(value)

    # ---- keys with a form of their own; the others are read where they are needed

    def _take_volumes(self, value: Any) -> None:
        mounts.add_volumes(self.mounts, value, self.reading.places)

    def _take_tmpfs(self, value: Any) -> None:
        self.mounts.tmpfs += forms.texts(value)

    def _take_secrets(self, value: Any) -> None:
        mounts.add_files(self.mounts, value, self.reading.files["secrets"], "secrets")

    def _take_configs(self, value: Any) -> None:
        mounts.add_files(self.mounts, value, self.reading.files["configs"], "configs")

    def _take_ports(self, value: Any) -> None:
        self.flags["publish"] = parts.ports(value)

    def _take_extra_hosts(self, value: Any) -> None:
        self.flags["add-host"] = parts.extra_hosts(value)

    def _take_logging(self, value: Any) -> None:
        self.flags |= parts.logging(value)

    def _take_ulimits(self, value: Any) -> None:
        self.flags["ulimit"] = parts.ulimits(value)

    def _take_gpus(self, value: Any) -> None:
        self.flags.setdefault("gpus", []).extend(parts.gpus(value))

    def _take_deploy(self, value: Any) -> None:
        for flag, values in parts.deploy(value).items():
            self.flags.setdefault(flag, values)  # a key of the service itself, read after this, counts more
        if (count := forms.mapping(value).get("replicas")) is not None and "scale" not in self.keys:
            self._take_scale(count)

    def _take_scale(self, value: Any) -> None:
        self.found.replicas = forms.whole(value)
        if not 0 <= self.found.replicas <= 20:
            raise WrongKeyError("0 to 20 containers can be asked for.", "容器数量应为 0 到 20。")

    def _take_restart(self, value: Any) -> None:
        self.flags["restart"] = [parts.restart(value)]

    def _take_stop_grace_period(self, value: Any) -> None:
        self.flags["stop-timeout"] = [parts.seconds("stop_grace_period", value)]

    def _take_platform(self, value: Any) -> None:
        self.found.platform = forms.text(value)

    def _take_profiles(self, value: Any) -> None:
        self.found.profiles = tuple(forms.texts(value))

    def _take_depends_on(self, value: Any) -> None:
        self.found.needs = parts.depends_on(value)

    def _take_container_name(self, value: Any) -> None:
        self.found.container_name = forms.name(value)

    def _take_pull_policy(self, value: Any) -> None:
        names = {"always": "always", "missing": "missing", "if_not_present": "missing", "never": "never"}
        if (policy := forms.text(value)) not in {*names, "build"}:
            raise WrongKeyError(
                "it is `always`, `missing` or `never`.", "应为 `always`、`missing` 或 `never`。"
            )
        self.found.pull = names.get(policy, "never")

    def _take_build(self, value: Any) -> None:
        """Where the image is built from; the build itself is a command of its own."""
        image = forms.text(self.keys["image"]) if self.keys.get("image") else self._own_image()
        self.found.build = build_line(value, image, self.reading.places)

    # ---- what is put together from several keys

    def _own_image(self) -> str:
        return f"{self.reading.project}-{self.found.name}"

    def _image(self) -> None:
        image = self.keys.get("image")
        if image is not None:
            self.found.image = forms.text(image)
        elif self.found.build is not None:
            self.found.image = self._own_image()
        elif "build" not in self.keys:
            raise WrongKeyError("neither `image` nor `build` is given.", "没有写 `image` 或 `build`。")
        if self.found.build is not None:
            self.found.pull = "never"

    def _networks(self) -> None:
        if (mode := self.keys.get("network_mode")) is not None:
            self._network_mode(forms.text(mode))
            return
        value = self.keys.get("networks")
        listed: Mapping[str, Any] = (
            dict.fromkeys(forms.texts(value)) if isinstance(value, list) else forms.mapping(value)
        )
        priorities = self.found.priorities
        for key, item in (listed or {"default": None}).items():
            entry = forms.mapping(item)
            forms.known_keys(
                entry, {"aliases", "priority", "ipv4_address", "ipv6_address"}, f"networks.{key}."
            )
            if key not in self.reading.networks:
                raise WrongKeyError(
                    f"the network `{key}` is not listed under `networks` at the top of the file.",
                    f"文件顶层的 `networks` 中没有列出网络 `{key}`。",
                )
            for address in ("ipv4_address", "ipv6_address"):
                if address in entry:
                    raise WrongKeyError(
                        "addresses of its own are not needed here; services find each other by name.",
                        "这里不需要固定地址；服务之间可以用名称互相访问。",
                    )
            aliases = [forms.name(alias) for alias in forms.texts(entry.get("aliases") or [])]
            self.found.networks[key] = [self.found.name, *aliases]
            priorities[key] = forms.whole(entry.get("priority") or 0)
        # The first is the one the container is made on; compose takes it by priority, then by name.
        ordered = sorted(self.found.networks.items(), key=lambda item: (-priorities[item[0]], item[0]))
        self.found.networks = dict(ordered)

    def _network_mode(self, mode: str) -> None:
        if "networks" in self.keys:
            raise WrongKeyError(
                "`network_mode` and `networks` exclude each other.",
                "`network_mode` 与 `networks` 不能同时使用。",
            )
        if mode in {"bridge", "default"}:
            self.found.networks = {"default": [self.found.name]}
        elif mode.startswith("service:"):
            self.flags["network"] = [f"container:{mode.removeprefix('service:')}"]
        else:
            self.flags["network"] = [mode]

    def _environment(self) -> None:
        reading = self.reading
        self.flags["env"] = environment(self.keys, reading.places, reading.variables)

    # ---- the body

    def _body(self) -> None:
        found = self.found
        found.volumes, found.mounted, found.keys = self.mounts.used, self.mounts.spelt, self.keys
        self.flags["volume"], self.flags["tmpfs"] = self.mounts.binds, self.mounts.tmpfs
        parsed = Parsed(
            RUN, ("run",), self.flags, (found.image, *(forms.words(self.keys.get("command")) or ()))
        )
        if waiting := placeholders_of(parsed):
            names = ", ".join(f"`{item.text}`" for item in waiting)
            raise WrongKeyError(
                f"something is still to be filled in, in the file: {names}.",
                f"文件中还有内容需要填写：{names}。",
            )
        body = create_body(parsed, self.reading.places.workspace)
        body["Entrypoint"] = forms.words(self.keys.get("entrypoint"))
        if "healthcheck" in self.keys:
            body["Healthcheck"] = parts.health(self.keys["healthcheck"])
        if self.mounts.mounts:
            body["HostConfig"]["Mounts"] = self.mounts.mounts
        if found.networks:
            key, aliases = next(iter(found.networks.items()))  # it joins the others once it is made
            name = self.reading.networks[key]
            body["HostConfig"]["NetworkMode"] = name
            body["NetworkingConfig"]["EndpointsConfig"] = {
                name: {**run_networks.EMPTY_ENDPOINT, "Aliases": aliases}
            }
        found.body = body


def _nothing(value: Any) -> None:
    """Keys that are read where they are needed."""

"""Causes around containers, volumes, networks and the Engine's disk."""
# ruff: noqa: E501 (one sentence a line, in both languages)

from __future__ import annotations

from assistant.diagnosis.values import Rule
from knowledge.language import Text

_NETWORKS = Text("list and remove networks docker network rm", "查看和删除网络 docker network rm")

OBJECT_RULES: tuple[Rule, ...] = (
    Rule(
        "container-running",
        ("engine", "client"),
        (
            r"cannot remove a running container (?P<name>\w+)",
            r"cannot remove container \"?/?(?P<name>[\w.-]+)\"?: container is running",
            r"you cannot remove a (?:running|restarting|paused) container",
        ),
        "moby: daemon/delete.go",
        Text("A container that runs cannot be removed.", "运行中的容器不能删除。"),
        Text(
            "Stop it first; `docker rm -f` does both and lets it no time to end.",
            "请先停止它；`docker rm -f` 会强制停止并删除，不给它收尾的时间。",
        ),
        Text("remove containers docker rm", "删除容器 docker rm"),
        ("docker rm",),
        ("docker stop {name}", "docker rm {name}"),
    ),
    Rule(
        "cannot-kill",
        ("engine", "client"),
        (
            r"cannot kill container: (?P<name>[\w.-]+)",
            r"cannot (?:stop|kill) container[^\n]*permission denied",
            r"tried to kill container, but did not receive an exit event",
        ),
        "moby: daemon/kill.go, daemon/stop.go",
        Text(
            "The Engine could not end the container: it has ended already, or the kernel forbids the signal "
            "(an AppArmor profile that is out of step does that).",
            "Engine 无法终止该容器：它可能已经结束，或者内核不允许发送信号（AppArmor 配置不同步时会这样）。",
        ),
        Text(
            "Look at its state; where it stays so, restart the Docker service.",
            "请查看它的状态；如果一直如此，请重启 Docker 服务。",
        ),
        Text("the difference between stop and kill", "stop 和 kill 的区别"),
        ("docker kill",),
        ("docker ps -a", "sudo systemctl restart docker"),
    ),
    Rule(
        "container-paused",
        ("engine", "client"),
        (r"container (?P<name>[\w.-]+) is paused", r"is paused, unpause"),
        "moby: daemon/exec.go, daemon/errors.go",
        Text("The container is paused: its processes stand still.", "容器处于暂停状态：其中的进程都停住了。"),
        Text("Let it go on with `docker unpause`.", "请用 `docker unpause` 让它继续。"),
        Text("stop and start containers", "停止和启动容器"),
        ("docker unpause", "docker pause"),
        ("docker unpause {name}",),
    ),
    Rule(
        "container-restarting",
        ("engine", "client"),
        (r"container (?P<name>[\w.-]+) is restarting, wait",),
        "moby: daemon/errors.go",
        Text(
            "The container ends again and again, and its restart policy starts it anew.",
            "容器不断退出，重启策略又不断把它启动。",
        ),
        Text("Its log says why it ends.", "它的日志会说明退出的原因。"),
        Text("the container exits at once, read the logs", "容器一启动就退出 看日志"),
        ("docker logs",),
        ("docker logs {name}",),
    ),
    Rule(
        "container-not-running",
        ("engine", "client"),
        (
            r"container (?P<name>[\w.-]+) is not running",
            r"cannot exec in a stopped (?:state|container)",
        ),
        "moby: daemon/errors.go",
        Text(
            "The container has ended; what is asked needs one that runs.",
            "容器已经结束；这个操作需要运行中的容器。",
        ),
        Text("See why it ended, and start it again.", "请查看它为什么结束，再重新启动。"),
        Text("the container exits at once docker logs", "容器一启动就退出 docker logs"),
        ("docker logs", "docker start"),
        ("docker ps -a", "docker logs {name}", "docker start {name}"),
    ),
    Rule(
        "container-missing",
        ("engine", "client"),
        (r"no such container: (?P<missing>\S+)",),
        "moby: daemon/container.go",
        Text("There is no container of that name or id.", "没有这个名称或 ID 的容器。"),
        Text(
            "List all, also the stopped ones; an image's name is not a container's.",
            "请列出全部容器（包括已停止的）；镜像名不是容器名。",
        ),
        Text("list all containers docker ps -a", "列出所有容器 docker ps -a"),
        ("docker ps",),
        ("docker ps -a",),
    ),
    Rule(
        "volume-in-use",
        ("engine", "client"),
        (r"volume is in use - \[(?P<name>[0-9a-f]+)", r"volume is in use"),
        "moby: volume/service/errors.go, volume/service/store.go",
        Text(
            "The volume belongs to a container that still exists, running or not.",
            "该卷仍被某个容器使用，不论它是否在运行。",
        ),
        Text(
            "Remove that container first; the volume's data goes for good with the volume.",
            "请先删除该容器；删除卷会永久丢失其中的数据。",
        ),
        Text("list and clean up volumes", "查看和清理卷"),
        ("docker volume",),
        ("docker ps -a", "docker rm {name}"),
    ),
    Rule(
        "volume-missing",
        ("engine", "client"),
        (r"get \S+: no such volume", r"no such volume"),
        "moby: volume/service/errors.go",
        Text("There is no volume of that name.", "没有这个名称的卷。"),
        Text("List the volumes there are.", "请列出现有的卷。"),
        Text("list and clean up volumes", "查看和清理卷"),
        ("docker volume ls",),
        ("docker volume ls",),
    ),
    Rule(
        "network-in-use",
        ("engine", "client"),
        (r"network (?P<network>[\w.-]+)(?: id \w+)? has active endpoints",),
        "moby: libnetwork/error.go",
        Text("Containers are still attached to the network.", "还有容器连接在该网络上。"),
        Text("Stop or detach them first.", "请先停止这些容器，或断开它们的连接。"),
        _NETWORKS,
        ("docker network",),
        ("docker ps --filter network={network}", "docker network inspect {network}"),
    ),
    Rule(
        "network-pool",
        ("engine", "client"),
        (
            r"non-overlapping ipv[46] address pool",
            r"all predefined address pools have been fully subnetted",
            r"pool overlaps with other one",
            r"invalid pool request",
        ),
        "moby: libnetwork/ipam, libnetwork/ipamapi/contract.go",
        Text(
            "The Engine has no range of addresses left for a new network, or the one asked for meets another.",
            "Engine 没有可分配给新网络的地址段，或者所要求的地址段与已有的重叠。",
        ),
        Text(
            "Remove networks nobody uses, or choose another `--subnet`.",
            "请删除没有使用的网络，或换一个 `--subnet`。",
        ),
        _NETWORKS,
        ("docker network",),
        ("docker network ls", "docker network prune"),
    ),
    Rule(
        "network-user-defined-only",
        ("engine", "client"),
        (
            r"supported (?:only )?(?:on|for|in) user[- ]defined networks",
            r"network-scoped alias is supported only",
        ),
        "moby: daemon/container_operations.go",
        Text(
            "Fixed addresses and names exist on networks you made, not on the default bridge.",
            "固定地址和名称只在自建网络上可用，默认的 bridge 上没有。",
        ),
        Text("Create a network and start the containers on it.", "请创建一个网络，并在其上启动容器。"),
        Text("let two containers talk to each other on a network", "让两个容器互相通信 网络"),
        ("docker network create",),
        ("docker network create mynet",),
    ),
    Rule(
        "network-exists",
        ("engine", "client"),
        (r"network (?:with name|called) (?P<network>[\w.-]+) already",),
        "moby: libnetwork/error.go, daemon/network.go",
        Text("There is a network of that name already.", "已经有同名的网络。"),
        Text("Use the one that is there, or choose another name.", "请直接使用现有的网络，或换一个名称。"),
        Text(
            "let two containers talk to each other docker network create",
            "让两个容器互相通信 docker network create",
        ),
        ("docker network",),
        ("docker network inspect {network}",),
    ),
    Rule(
        "network-missing",
        ("engine", "client"),
        (r"network (?P<missing>[\w.-]+) not found", r"no such network"),
        "moby: daemon/network.go, libnetwork/error.go",
        Text("There is no network of that name.", "没有这个名称的网络。"),
        Text("List the networks, and create the one that is missing.", "请列出网络，并创建缺少的那个。"),
        Text(
            "let two containers talk to each other docker network create",
            "让两个容器互相通信 docker network create",
        ),
        ("docker network",),
        ("docker network ls",),
    ),
    Rule(
        "object-missing",
        ("engine", "client"),
        (r"no such object",),
        "docker/cli: cli/command/inspect; docknotes: assistant/execution/reads.py",
        Text("Nothing on the Engine has that name or id.", "Engine 上没有这个名称或 ID 的对象。"),
        Text("List what there is, and compare the name.", "请列出现有的对象，核对名称。"),
        Text("look at details docker inspect", "查看细节 docker inspect"),
        ("docker inspect",),
        ("docker ps -a", "docker images"),
    ),
    Rule(
        "network-firewall",
        ("engine", "client"),
        (r"iptables: no chain/target/match", r"iptables failed", r"failed to program filter chain"),
        "moby: libnetwork/iptables/iptables.go",
        Text(
            "The firewall rules of Docker are gone, mostly since the firewall was restarted after Docker.",
            "Docker 的防火墙规则丢失了，多半是防火墙在 Docker 之后重启过。",
        ),
        Text(
            "Restart the Docker service: it writes its rules anew.", "请重启 Docker 服务，它会重新写入规则。"
        ),
        Text("find faults in container networking", "排查容器网络"),
        ("iptables", "firewall", "防火墙"),
        ("sudo systemctl restart docker",),
    ),
    Rule(
        "disk-full",
        ("engine", "client", "program"),
        (r"no space left on device", r"\bENOSPC\b", r"disk quota exceeded"),
        "Linux: ENOSPC, EDQUOT",
        Text(
            "The disk that holds images, containers and volumes is full, or a limit on it is reached.",
            "存放镜像、容器和卷的磁盘满了，或达到了它的上限。",
        ),
        Text(
            "See what takes the space, then remove what you do not need.",
            "请先看是什么占用了空间，再删除不需要的。",
        ),
        Text("no space left on device docker system df", "磁盘满了 no space left on device"),
        ("docker system df", "no space left"),
        ("docker system df", "docker system prune"),
    ),
    Rule(
        "read-only",
        ("engine", "client", "program"),
        (r"read-only file system", r"\bEROFS\b"),
        "Linux: EROFS",
        Text(
            "It writes where nothing may be written: the container is read-only, or the folder is mounted with `:ro`.",
            "它写到了只读的地方：容器是只读的，或者该目录是用 `:ro` 挂载的。",
        ),
        Text(
            "Give it a volume or `--tmpfs` for the folder it writes to, or leave `--read-only` or `:ro` out.",
            "请为它写入的目录提供卷或 `--tmpfs`，或去掉 `--read-only`、`:ro`。",
        ),
        Text("read-only mounts and tmpfs", "只读挂载与 tmpfs"),
        (":ro", "readonly", "read-only", "tmpfs", "只读"),
    ),
    Rule(
        "memory-limit-too-small",
        ("engine", "client"),
        (r"minimum memory limit allowed", r"minimum memoryswap limit", r"container init was oom-killed"),
        "moby: daemon/daemon_unix.go; runc: libcontainer/process_linux.go",
        Text("The memory limit is too small for any container.", "内存上限太小，任何容器都无法运行。"),
        Text("Give it more, for example `-m 256m`.", "请调大，例如 `-m 256m`。"),
        Text("limit memory, CPU and processes", "限制内存、CPU 和进程数"),
        ("-m ", "--memory"),
    ),
)

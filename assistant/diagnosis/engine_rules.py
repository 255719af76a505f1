"""Causes on the way to the Engine, and of the docker line itself."""

from __future__ import annotations

from assistant.diagnosis.values import Rule
from knowledge.language import Text

ENGINE_RULES: tuple[Rule, ...] = (
    Rule(
        "socket-permission",
        ("client", "engine"),
        (
            r"permission denied while trying to connect to the docker",
            r"permission denied.{0,80}docker\.sock",
            r"docker\.sock.{0,80}permission denied",
            r"this user may not use the socket",
        ),
        "moby: client/request.go; docknotes: assistant/execution/engine_texts.py",
        Text(
            "Your user may not use the Docker daemon's socket: it belongs to root and the group docker.",
            "当前用户无权使用 Docker 守护进程的套接字：它属于 root 和 docker 组。",
        ),
        Text(
            "Add yourself to the group docker, then log out and in again. Members of that group have "
            "the rights of root.",
            "请把自己加入 docker 组，然后注销并重新登录。注意：该组的成员等同于拥有 root 权限。",
        ),
        Text(
            "permission denied docker.sock docker group", "没有权限 permission denied docker.sock docker 组"
        ),
        ("docker.sock", "usermod", "docker group", "docker 组"),
        ("id -nG", "sudo usermod -aG docker $USER"),
    ),
    Rule(
        "certificates-of-engine",
        ("client",),
        (
            r"the TLS certificates do not fit",
            r"unable to resolve docker endpoint: open \S*(?:ca|cert|key)\.pem",
        ),
        "docker/cli: cli/context; docknotes: assistant/execution/engine_texts.py",
        Text(
            "The Engine wants TLS, and the certificates on this side do not fit it.",
            "Engine 要求使用 TLS，而本机的证书与它不匹配。",
        ),
        Text(
            "Put the Engine's ca.pem, cert.pem and key.pem into the folder of certificates.",
            "请把该 Engine 的 ca.pem、cert.pem 和 key.pem 放进证书目录。",
        ),
        Text("TLS certificates of the Docker daemon", "Docker 守护进程 TLS 证书"),
        ("TLS", "ca.pem"),
    ),
    Rule(
        "engine-timeout",
        ("client",),
        (r"It did not answer in time", r"error during connect:.*(?:i/o timeout|deadline exceeded)"),
        "moby: client/request.go; docknotes: assistant/execution/engine_texts.py",
        Text(
            "The Docker Engine did not answer in time: it is overloaded, or cannot be reached from here.",
            "Docker Engine 没有及时应答：它可能负载过高，或者从这里无法访问。",
        ),
        Text("See whether the daemon is busy, and read its log.", "请查看守护进程是否繁忙，并阅读它的日志。"),
        Text("Cannot connect to the Docker daemon service log", "连不上守护进程 查看日志"),
        ("docker daemon", "守护进程"),
        ("systemctl status docker", "sudo journalctl -u docker -n 50 --no-pager"),
    ),
    Rule(
        "engine-lost",
        ("client",),
        (
            r"the connection broke off",
            r"error waiting for container: unexpected EOF",
            r"error during connect:.*(?:EOF|reset by peer)",
        ),
        "moby: client/container_wait.go; docknotes: assistant/execution/engine_texts.py",
        Text(
            "Contact with the Docker Engine was lost in the middle: the daemon was stopped or restarted. "
            "Containers may have been stopped with it.",
            "与 Docker Engine 的连接中途断开：守护进程被停止或重启，容器也可能随之停止。",
        ),
        Text(
            "Start the daemon again and look what is still there.",
            "请重新启动守护进程，再看看还剩下什么。",
        ),
        Text("Cannot connect to the Docker daemon start the service", "连不上守护进程 启动服务"),
        ("systemctl",),
        ("docker ps -a", "sudo systemctl start docker", "sudo journalctl -u docker -n 50 --no-pager"),
        outcomes=("lost",),
    ),
    Rule(
        "daemon-not-running",
        ("client",),
        (
            r"cannot connect to the docker daemon",
            r"failed to connect to the docker api",
            r"is the docker daemon running",
            r"dial unix \S+: connect: (?:no such file or directory|connection refused)",
            r"docker daemon is not running",
            r"open //\./pipe/docker\w*: the system cannot find the file",
            r"there is no socket there",
            r"nothing listens there",
        ),
        "moby: client/errors.go; docknotes: assistant/execution/engine_texts.py",
        Text(
            "No Docker daemon answers at the address the client uses: it is not installed, not started, or "
            "listens elsewhere.",
            "客户端所用的地址上没有 Docker 守护进程应答：它没有安装、没有启动，或监听在别处。",
        ),
        Text(
            "Start the service (with Docker Desktop: open it), and check DOCKER_HOST and the context.",
            "请启动服务（使用 Docker Desktop 请先打开它），并检查 DOCKER_HOST 和 context。",
        ),
        Text(
            "Cannot connect to the Docker daemon. Is the docker daemon running?",
            "连不上守护进程 Cannot connect to the Docker daemon",
        ),
        ("docker daemon", "守护进程", "systemctl start docker"),
        ("systemctl status docker", "sudo systemctl start docker"),
    ),
    Rule(
        "api-version",
        ("client", "engine"),
        (
            r"client version [\d.]+ is too (?:new|old)",
            r"its API is older than the Docker SDK supports",
            r"maximum supported api version is",
        ),
        "moby: api/server/middleware/version.go; docknotes: assistant/execution/engine_texts.py",
        Text(
            "Client and Engine are too far apart in version: neither speaks an API the other knows.",
            "客户端与 Engine 的版本相差太大：双方没有共同支持的 API 版本。",
        ),
        Text("Update the older of the two.", "请升级两者中较旧的一个。"),
        Text("check the Docker version", "查看 Docker 版本"),
        ("docker version", "docker --version"),
        ("docker version",),
    ),
    Rule(
        "docker-not-installed",
        ("client", "program"),
        (r"docker: (?:command )?not found", r"command not found: docker", r"'docker' is not recognized"),
        "bash, zsh, cmd: the shell's words for an unknown command",
        Text("The docker command is not installed on this machine.", "这台机器上没有安装 docker 命令。"),
        Text(
            "Install Docker Engine, or Docker Desktop, as your notes describe.",
            "请按笔记的说明安装 Docker Engine 或 Docker Desktop。",
        ),
        Text("install Docker Engine on Ubuntu", "在 Ubuntu 上安装 Docker Engine"),
        ("docker-ce", "install docker", "安装 docker", "docker.io", "Docker Engine"),
    ),
    Rule(
        "unknown-flag",
        ("client",),
        (
            r"unknown shorthand flag: '.' in -(?P<flag>[\w-]+)",
            r"unknown flag: --(?P<flag>[\w-]+)",
            r"flag provided but not defined",
        ),
        "spf13/pflag: flag.go",
        Text(
            "Docker knows no such option here: a misspelt word, one dash for two, or an option that stands "
            "behind the image name and so goes to the container.",
            "这里没有这个选项：可能拼写有误，少写了一个短横，或者选项写在了镜像名之后，因而传给了容器。",
        ),
        Text(
            "Long options take two dashes (`--gpus`), and all of them stand before the image name.",
            "长选项要写两个短横（`--gpus`），而且所有选项都要写在镜像名之前。",
        ),
        Text("common mistake -gpus with a single dash", "常见错误 -gpus 少写一个短横"),
        ("--gpus", "single dash", "短横"),
    ),
    Rule(
        "unknown-command",
        ("client",),
        (r"is not a docker command", r"unknown docker command", r"docker: unknown command"),
        "docker/cli: cmd/docker/docker.go",
        Text(
            "Docker has no such subcommand: it is misspelt, or belongs to a plugin that is not installed.",
            "Docker 没有这个子命令：可能拼写有误，或它属于尚未安装的插件。",
        ),
        Text(
            "`docker help` lists the commands; `docker compose` and `docker buildx` are plugins.",
            "`docker help` 会列出全部命令；`docker compose` 和 `docker buildx` 是插件。",
        ),
        Text("everyday docker commands, Compose plugin", "日常命令 Compose 插件"),
        ("compose", "docker ps", "插件"),
    ),
    Rule(
        "flags-conflict",
        ("client", "engine"),
        (
            r"conflicting options:",
            r"can't set 'AutoRemove' after container",
            r"can't create 'AutoRemove' container with restart policy",
        ),
        "docker/cli: cli/command/container/opts.go; moby: daemon/container.go",
        Text(
            "Two options of the line exclude each other, as `--rm` and `--restart` do.",
            "命令中的两个选项互相排斥，例如 `--rm` 与 `--restart`。",
        ),
        Text("Leave one of the two out.", "请去掉其中一个。"),
        Text("restart policies --restart --rm", "重启策略 --restart --rm"),
        ("--restart", "--rm"),
    ),
    Rule(
        "no-terminal",
        ("client",),
        (r"the input device is not a TTY", r"cannot enable tty mode on non tty input"),
        "docker/cli: cli/command/in.go",
        Text(
            "`-t` wants a terminal, and there is none: the line runs from a script, a pipe or a scheduler.",
            "`-t` 需要终端，而这里没有：命令是从脚本、管道或定时任务运行的。",
        ),
        Text("Leave `-t` out (`-i` may stay).", "请去掉 `-t`（`-i` 可以保留）。"),
        Text("why -it is needed", "为什么需要 -it"),
        ("-it", "terminal", "终端"),
    ),
    Rule(
        "reference-upper-case",
        ("client", "engine"),
        (r"repository name \(?[^)]*\)? ?must be lowercase", r"invalid reference format: repository name"),
        "distribution/reference: reference.go",
        Text(
            "The image name holds capital letters; names of images are written in small letters.",
            "镜像名里有大写字母；镜像名只能用小写字母。",
        ),
        Text(
            "Write the name in small letters; only the tag may hold capitals.",
            "请把名称改成小写；只有标签可以含大写字母。",
        ),
        Text("tag an image: name and tag", "镜像 标签 名称 docker tag"),
        ("docker tag", "-t ", "标签", "tag"),
        ("docker images",),
        mend="case",
    ),
    Rule(
        "reference-format",
        ("client", "engine"),
        (r"invalid reference format", r"is not a valid repository/tag", r"invalid repository name"),
        "distribution/reference: reference.go",
        Text(
            "What stands in the place of the image is no image name; often an option before it lost its "
            "value, or a line was broken in the middle.",
            "镜像名位置上的内容不是合法的镜像名；常见原因是前面的选项少了值，或者命令被从中间断开。",
        ),
        Text(
            "Check the word Docker took for the image: name:tag, without spaces, quotes or `<…>`.",
            "请检查 Docker 当作镜像名的那个词：应为 名称:标签，不含空格、引号或 `<…>`。",
        ),
        Text("layers, tags and digests of an image", "镜像的层、标签与摘要"),
        ("tag", "标签"),
        ("docker images",),
    ),
)

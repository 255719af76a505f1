"""Causes that keep a container from starting: ports, names, programs, mounts."""
# ruff: noqa: E501 (one sentence a line, in both languages)

from __future__ import annotations

from assistant.diagnosis.values import Rule
from knowledge.language import Text

_PORT = Text("port is already allocated", "端口被占用 port is already allocated")
_PORT_ABOUT = ("port is already allocated", "address already in use")
_PORT_LINES = ("docker ps --filter publish={port}", "sudo ss -ltnp 'sport = :{port}'")
_EXITS = Text(
    "exit code 126 command cannot be executed, 127 command was not found",
    "退出码 126 命令无法执行 127 找不到命令",
)
_BIND = Text("use a bind mount", "使用绑定挂载")
_BIND_ABOUT = ("bind mount", "绑定挂载", "--mount", "-v ")

STARTING_RULES: tuple[Rule, ...] = (
    Rule(
        "port-allocated",
        ("engine", "client"),
        (r"bind for \S+:(?P<port>\d+) failed: port is already allocated", r"port is already allocated"),
        "moby: libnetwork/portallocator/portallocator.go",
        Text("The port of the host is taken by another container.", "主机上的这个端口已被另一个容器占用。"),
        Text(
            "Stop the container that holds it, or publish another port of the host.",
            "请停掉占用它的容器，或换一个主机端口发布。",
        ),
        _PORT,
        _PORT_ABOUT,
        _PORT_LINES,
        mend="port",
    ),
    Rule(
        "port-privileged",
        ("engine", "client"),
        (
            r"cannot expose privileged port (?P<port>\d+)",
            r"listen (?:tcp|udp)\d? \S*:(?P<port>\d+): bind: permission denied",
            r"failed to bind host port .*:(?P<port>\d+)\S*: permission denied",
        ),
        "moby: libnetwork/portmapper, rootlesskit: pkg/port",
        Text(
            "Ports below 1024 of the host are for root, and this Engine does not run as root.",
            "主机上 1024 以下的端口只有 root 能用，而这个 Engine 不是以 root 运行的。",
        ),
        Text(
            "Publish a port from 1024 up, for example `-p 8080:80`.",
            "请改用 1024 及以上的端口发布，例如 `-p 8080:80`。",
        ),
        Text("ways to publish a port", "发布端口的几种写法"),
        ("-p ",),
        mend="port",
    ),
    Rule(
        "port-in-use-on-host",
        ("engine", "client"),
        (
            r"listen (?:tcp|udp)\d? \S*:(?P<port>\d+): bind: address already in use",
            r"failed to bind host port .*?:(?P<port>\d+)\S*: address already in use",
            r"ports are not available: exposing port \w+ \S*:(?P<port>\d+)",
            r"bind: address already in use",
        ),
        "moby: cmd/docker-proxy, libnetwork/portmapper; Docker Desktop",
        Text(
            "The port of the host is taken by an ordinary program of the host.",
            "主机上的这个端口已被主机上的普通程序占用。",
        ),
        Text(
            "See which program listens there, or publish another port of the host.",
            "请查看是哪个程序在监听，或换一个主机端口发布。",
        ),
        _PORT,
        _PORT_ABOUT,
        _PORT_LINES,
        mend="port",
    ),
    Rule(
        "name-in-use",
        ("engine", "client"),
        (r"container name \"/?(?P<name>[^\"]+)\" is already in use", r"is already in use by container"),
        "moby: daemon/names.go",
        Text(
            "A container of that name is still there, even if it has stopped; names are given once.",
            "同名的容器还在，即使它已经停止；一个名字只能用一次。",
        ),
        Text(
            "Start the old one again, remove it, or give the new one another `--name`.",
            "可以重新启动旧容器、删除它，或给新容器换一个 `--name`。",
        ),
        Text("container name is already in use", "名字冲突 container name is already in use"),
        ("already in use by container", "docker rename"),
        ("docker ps -a --filter name={name}", "docker start {name}", "docker rm {name}"),
        mend="name",
    ),
    Rule(
        "mount-missing",
        ("engine", "client"),
        (r"bind source path does not exist", r"error mounting \"[^\"]*\".*no such file or directory"),
        "moby: volume/mounts/validate.go",
        Text(
            "The folder or file that is to be mounted is not on the Engine's machine.",
            "要挂载的目录或文件在 Engine 所在的机器上不存在。",
        ),
        Text(
            "Check the path before the colon and make the folder first; with a remote Engine it is the other "
            "machine's path.",
            "请检查冒号前的路径，先建好目录；如果 Engine 在远程，这里指的是那台机器上的路径。",
        ),
        _BIND,
        _BIND_ABOUT,
        ("pwd",),
    ),
    Rule(
        "mount-not-a-directory",
        ("engine", "client"),
        (r"trying to mount a directory onto a file", r"not a directory: unknown", r"not a directory.*mount"),
        "moby: daemon/errors.go; runc: libcontainer/rootfs_linux.go",
        Text(
            "A folder is to be mounted onto a file or a file onto a folder. Often the source was missing, and "
            "Docker made an empty folder in its place.",
            "把目录挂载到了文件上，或把文件挂载到了目录上。常见原因是源路径原先不存在，Docker 在那里建了一个空目录。",
        ),
        Text(
            "Let both sides be files or both folders; remove the empty folder that was made.",
            "请让两边都是文件或都是目录；并删除误建的空目录。",
        ),
        _BIND,
        _BIND_ABOUT,
        ("ls -l",),
    ),
    Rule(
        "mount-not-shared",
        ("engine", "client"),
        (
            r"mounts denied",
            r"is not shared from the host",
            r"is not shared from os x",
            r"but it is not a shared mount",
        ),
        "Docker Desktop: file sharing; runc: libcontainer/rootfs_linux.go",
        Text(
            "Docker Desktop does not share this folder with its virtual machine.",
            "Docker Desktop 没有把这个目录共享给它的虚拟机。",
        ),
        Text(
            "Add the folder under Settings > Resources > File sharing, or use one below your home folder.",
            "请在 Settings > Resources > File sharing 中添加该目录，或使用主目录下的目录。",
        ),
        _BIND,
        _BIND_ABOUT,
    ),
    Rule(
        "mount-path",
        ("engine", "client"),
        (
            r"invalid mount (?:path|config)",
            r"mount path must be absolute",
            r"includes invalid characters for a local volume name",
            r"invalid volume specification",
            r"duplicate mount point",
            r"invalid spec:",
        ),
        "moby: volume/mounts/parser.go, volume/local/local.go; docker/cli: cli/compose/loader",
        Text(
            "What `-v` or `--mount` says is no mount: paths in the container begin with `/`, and a source "
            "without `/` or `./` is taken for a volume's name.",
            "`-v` 或 `--mount` 的写法不成立：容器内的路径要以 `/` 开头，而不带 `/` 或 `./` 的源会被当作卷名。",
        ),
        Text(
            "Write `-v ./folder:/path` or `-v name:/path`.", "请写成 `-v ./目录:/路径` 或 `-v 卷名:/路径`。"
        ),
        Text("-v and --mount compared", "-v 与 --mount 的写法"),
        ("--mount", "-v "),
    ),
    Rule(
        "exec-format",
        ("engine", "client", "program"),
        (r"exec format error",),
        "Linux: ENOEXEC; moby: daemon/errors.go",
        Text(
            "The program was built for another processor (arm64 and amd64 do not mix), or is a script without "
            "its `#!` line.",
            "程序是为另一种处理器架构构建的（arm64 与 amd64 不能混用），或者是缺少 `#!` 行的脚本。",
        ),
        Text(
            "Take an image for this processor, name the other with `--platform`, or give the script its first line.",
            "请使用适合本机架构的镜像，用 `--platform` 指明架构，或给脚本补上首行。",
        ),
        Text(
            "no matching manifest for linux/arm64 --platform",
            "no matching manifest linux/arm64 --platform 镜像没有适合的 CPU 架构",
        ),
        ("--platform",),
        ("docker version",),
    ),
    Rule(
        "workdir",
        ("engine", "client"),
        (
            r"chdir to cwd",
            r"cannot mkdir: \S+ is not a directory",
            r"the working directory '[^']*' is invalid",
            r"mkdir \S+: file exists",
        ),
        "runc: libcontainer/init_linux.go; moby: container/container.go",
        Text(
            "The working folder of the container is not there or cannot be entered.",
            "容器的工作目录不存在，或无法进入。",
        ),
        Text("Give `-w` an absolute path that is in the image.", "请用 `-w` 指定镜像里存在的绝对路径。"),
        Text("what WORKDIR means", "WORKDIR 的含义"),
        ("WORKDIR",),
    ),
    Rule(
        "command-not-executable",
        ("engine", "client"),
        (
            r"exec: \"[^\"]*\": permission denied",
            r"exec \S+: permission denied",
            r"exec user process caused[^\n]*permission denied",
            r"exec: \"[^\"]*\": is a directory",
            r"oci runtime[^\n]*permission denied",
        ),
        "runc: libcontainer/init_linux.go; moby: daemon/errors.go (exit code 126)",
        Text(
            "The program is in the image, but may not be executed: the right to execute is missing, or it is a folder.",
            "镜像里有这个程序，但不能执行：缺少执行权限，或者它是目录。",
        ),
        Text(
            "Run `chmod +x` on it while building the image, or start it by its interpreter (`sh script`).",
            "请在构建镜像时对它执行 `chmod +x`，或用解释器启动（`sh 脚本`）。",
        ),
        _EXITS,
        ("126",),
        exit_codes=(126,),
    ),
    Rule(
        "command-not-found",
        ("engine", "client"),
        (
            r"executable file not found in \$PATH",
            r"exec: \"[^\"]*\": stat [^:\n]*: no such file or directory",
            r"exec \S+: no such file or directory",
            r"exec user process caused[^\n]*no such file or directory",
            r"oci runtime[^\n]*no such file or directory: unknown",
        ),
        "Go: os/exec/lp_unix.go; runc: libcontainer; moby: daemon/errors.go (exit code 127)",
        Text(
            "The image holds no such program. It is misspelt, an option stands behind the image name, the "
            "image is a small one without it (Alpine has `sh`, no `bash`), or a script's first line is wrong.",
            "镜像里没有这个程序。可能是拼写有误，选项写在了镜像名之后，这是个精简镜像（Alpine 只有 `sh`，没有 `bash`），或者脚本的首行有误。",
        ),
        Text(
            "Check the word after the image name; in small images use `sh`.",
            "请检查镜像名后面的词；精简镜像里请用 `sh`。",
        ),
        _EXITS,
        ("127", "docker run"),
    ),
)

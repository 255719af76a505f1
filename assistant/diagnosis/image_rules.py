"""Causes around images and registries."""
# ruff: noqa: E501 (one sentence a line, in both languages)

from __future__ import annotations

from assistant.diagnosis.values import Rule
from knowledge.language import Text

_NOT_FOUND = Text(
    "Image not found: pull access denied and manifest unknown",
    "找不到镜像：pull access denied 与 manifest unknown",
)
_NOT_FOUND_ABOUT = ("pull access denied", "manifest unknown", "docker pull")
_PULL = Text("docker pull download an image", "下载镜像 docker pull")
_PUSH = Text("tag and push to a registry docker login", "打标签并推送到仓库 docker login")

IMAGE_RULES: tuple[Rule, ...] = (
    Rule(
        "registry-rate-limit",
        ("engine", "client"),
        (r"toomanyrequests", r"reached your (?:unauthenticated )?pull rate limit"),
        "Docker Hub: its answer with status 429",
        Text(
            "The registry let no more pulls through for now: its limit per hour is reached.",
            "镜像仓库暂时不再允许拉取：已达到每小时的拉取上限。",
        ),
        Text("Log in, wait an hour, or pull through a mirror.", "请登录、等待一小时，或通过镜像加速器拉取。"),
        _PUSH,
        ("docker login", "mirror", "加速"),
        ("docker login",),
    ),
    Rule(
        "registry-plain-http",
        ("engine", "client"),
        (r"server gave HTTP response to HTTPS client", r"http: server gave http response"),
        "Go: net/http/client.go",
        Text(
            "The registry speaks plain HTTP, and the Engine insists on HTTPS.",
            "该镜像仓库使用明文 HTTP，而 Engine 要求 HTTPS。",
        ),
        Text(
            "Give the registry a certificate; a registry for trying may be listed in insecure-registries of "
            "the daemon's settings.",
            "请给仓库配置证书；仅供试验的仓库可以写进守护进程设置里的 insecure-registries。",
        ),
        _PUSH,
        ("registry", "仓库"),
    ),
    Rule(
        "registry-certificate",
        ("engine", "client"),
        (r"x509: ", r"tls: failed to verify certificate"),
        "Go: crypto/x509/verify.go, crypto/tls",
        Text(
            "The registry's certificate is not trusted by the Engine: signed by an unknown authority, for "
            "another name, or out of date (a wrong clock looks the same).",
            "Engine 不信任该镜像仓库的证书：签发机构未知、名称不符，或已过期（系统时间不对也会这样）。",
        ),
        Text(
            "Put the authority's certificate into /etc/docker/certs.d/NAME/ca.crt, and check the clock.",
            "请把签发机构的证书放进 /etc/docker/certs.d/仓库名/ca.crt，并检查系统时间。",
        ),
        _PUSH,
        ("registry", "仓库"),
        ("date",),
    ),
    Rule(
        "registry-name",
        ("engine", "client"),
        (r"lookup \S+.*: (?:no such host|server misbehaving|temporary failure|i/o timeout)",),
        "Go: net/net.go (DNSError)",
        Text(
            "The Engine cannot find the registry's address: DNS gives no answer for its name.",
            "Engine 找不到镜像仓库的地址：DNS 没有给出结果。",
        ),
        Text(
            "Check the spelling of the registry, and the DNS and proxy settings of the machine the Engine is on.",
            "请检查仓库名的拼写，以及 Engine 所在机器的 DNS 和代理设置。",
        ),
        _PULL,
        ("docker pull", "docker hub", "mirror", "加速"),
        ("docker info", "docker images"),
    ),
    Rule(
        "registry-timeout",
        ("engine", "client"),
        (
            r"TLS handshake timeout",
            r"Client\.Timeout exceeded while awaiting headers",
            r"request canceled while waiting for connection",
            r"dial tcp \S+ i/o timeout",
            r"context deadline exceeded.*(?:registry|/v2/)",
            r"(?:registry|/v2/).*context deadline exceeded",
        ),
        "Go: net/http/transport.go, net/http/client.go",
        Text("The registry did not answer the Engine in time.", "镜像仓库没有及时应答 Engine。"),
        Text(
            "Try again; where it stays so, check the network and proxy of the Engine, or use a mirror.",
            "请重试；如果仍然如此，请检查 Engine 的网络和代理，或使用镜像加速器。",
        ),
        _PULL,
        ("docker pull", "docker hub", "mirror", "加速"),
        ("docker info", "docker images"),
    ),
    Rule(
        "registry-unreachable",
        ("engine", "client"),
        (
            r"(?:dial tcp|/v2/).*(?:connection refused|network is unreachable|no route to host|reset by peer)",
            r"/v2/\S*\"?: EOF",
            r"proxyconnect tcp",
        ),
        "Go: net/dial.go, syscall error texts",
        Text(
            "The Engine found the registry's address, but nothing there takes the connection.",
            "Engine 找到了镜像仓库的地址，但连接不上。",
        ),
        Text(
            "Check that the registry runs and its port is right, and the Engine's proxy; an image can also be "
            "brought over as a file.",
            "请确认仓库正在运行、端口正确，并检查 Engine 的代理；也可以把镜像存成文件传过来。",
        ),
        Text(
            "carry an image over without a registry docker save docker load",
            "没有仓库时传送镜像 docker save docker load",
        ),
        ("docker load", "docker save"),
        ("docker info", "docker images"),
    ),
    Rule(
        "image-access-denied",
        ("engine", "client"),
        (
            r"pull access denied for (?P<image>[^,\s]+)",
            r"requested access to the resource is denied",
            r"repository does not exist or may require 'docker login'",
            r"repository name not known to registry",
            r"^(?:denied|name unknown)$",
        ),
        "moby: distribution/errors.go; distribution: registry/api/v2/errors.go",
        Text(
            "There is no such repository in the registry, or it is private; the registry does not tell which.",
            "镜像仓库里没有这个镜像，或者它是私有的；仓库不会说明是哪一种。",
        ),
        Text(
            "Check the spelling of the name; for a private one log in first. To push, the name must begin with "
            "your own account.",
            "请检查名称的拼写；私有镜像要先登录。推送时名称要以自己的账号开头。",
        ),
        _NOT_FOUND,
        _NOT_FOUND_ABOUT,
        ("docker search {image}", "docker images", "docker login"),
    ),
    Rule(
        "image-platform",
        ("engine", "client"),
        (
            r"no matching manifest for",
            r"does not match the specified platform",
            r"does not provide the specified platform",
            r"requested image's platform \(\S+\) does not match",
        ),
        "moby: distribution/pull_v2.go, daemon/images/image.go",
        Text(
            "The image has no variant for this machine's processor.", "该镜像没有适合本机处理器架构的版本。"
        ),
        Text(
            "Take an image or tag that is built for it, or name another with `--platform` (emulated, slower).",
            "请换用为该架构构建的镜像或标签，或用 `--platform` 指定别的架构（靠模拟运行，较慢）。",
        ),
        _NOT_FOUND,
        ("no matching manifest", "--platform"),
        ("docker version",),
    ),
    Rule(
        "image-no-such-tag",
        ("engine", "client"),
        (
            r"manifest for (?P<image>\S+?)(?::\S*)? not found",
            r"manifest unknown",
            r"\S+:\S+: not found$",
            r"failed to resolve reference \"[^\"]+\": [^\n]*not found",
        ),
        "moby: distribution/errors.go; distribution: registry/api/v2/errors.go",
        Text("The repository is there, but it has no such tag.", "镜像仓库里有这个镜像，但没有这个标签。"),
        Text(
            "Look up the tags on the registry's page; without a tag Docker takes `latest`, which need not exist.",
            "请在仓库页面上查看有哪些标签；不写标签时 Docker 使用 `latest`，它不一定存在。",
        ),
        _NOT_FOUND,
        _NOT_FOUND_ABOUT,
        ("docker search {image}", "docker images"),
    ),
    Rule(
        "login-needed",
        ("engine", "client"),
        (
            r"unauthorized: (?:authentication required|incorrect username or password)",
            r"no basic auth credentials",
            r"^unauthorized$",
            r"incorrect username or password",
        ),
        "distribution: registry/api/errcode; moby: distribution/registry.go",
        Text(
            "The registry wants to know who asks, and no login fits.",
            "镜像仓库要求登录，而当前没有有效的登录信息。",
        ),
        Text("Log in to that registry in a terminal of your own.", "请在自己的终端里登录该仓库。"),
        _PUSH,
        ("docker login",),
        ("docker login",),
    ),
    Rule(
        "image-in-use",
        ("engine", "client"),
        (
            r"unable to (?:remove repository reference|delete|remove) .{0,200}container (?P<name>[0-9a-f]{6,64}) is using",
            r"image is being used by (?:stopped|running) container (?P<name>[0-9a-f]{6,64})",
            r"conflict: unable to (?:remove repository reference|delete)",
            r"image has dependent child images",
        ),
        "moby: daemon/images/image_delete.go",
        Text(
            "The image cannot be removed: a container, also a stopped one, or another image rests on it.",
            "镜像无法删除：还有容器（包括已停止的）或别的镜像依赖它。",
        ),
        Text("Remove the container first, then the image.", "请先删除容器，再删除镜像。"),
        Text("remove images docker rmi", "删除镜像 docker rmi"),
        ("docker rmi", "docker image rm"),
        ("docker ps -a", "docker rm {name}"),
    ),
    Rule(
        "image-missing",
        ("engine", "client"),
        (
            r"no such image: (?P<image>\S+)",
            r"unable to find image '(?P<image>[^']+)' locally",
            r"an image does not exist locally with the tag: (?P<image>\S+)",
        ),
        "moby: daemon/images/image.go; docker/cli: cli/command/container/create.go",
        Text("The image is not on this Engine.", "这台 Engine 上没有该镜像。"),
        Text(
            "List what is there, and pull the image where it is missing.",
            "请查看现有的镜像；缺少的话先拉取。",
        ),
        Text(
            "list local images docker images, download docker pull",
            "列出本地镜像 docker images 下载镜像 docker pull",
        ),
        ("docker images", "docker pull"),
        ("docker images", "docker pull {image}"),
    ),
)

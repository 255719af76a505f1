"""What each of the other commands does, in words."""

from __future__ import annotations

from assistant.values import ComposeCommand, OtherCommand
from knowledge.language import Text

_EFFECTS: dict[str, tuple[str, str]] = {
    "create": ("creates a container without starting it", "创建容器但不启动"),
    "start": ("starts {names}", "启动 {names}"),
    "restart": ("stops and starts {names} again", "重启 {names}"),
    "kill": ("ends {names} at once", "立即结束 {names}"),
    "pause": ("freezes every process in {names}", "冻结 {names} 中的所有进程"),
    "unpause": ("lets {names} go on", "恢复 {names} 的运行"),
    "wait": ("waits until {names} ends and shows the exit code", "等待 {names} 结束并显示退出码"),
    "attach": ("connects to the main program of {names}", "连接到 {names} 的主程序"),
    "rename": ("gives a container another name: {names}", "更改容器名称：{names}"),
    "top": ("shows the processes in a container: {names}", "显示容器内的进程：{names}"),
    "stats": ("shows what containers use of CPU, memory and network", "显示容器占用的 CPU、内存和网络"),
    "port": ("shows where the ports of a container are open: {names}", "显示容器的端口映射：{names}"),
    "diff": ("shows which files of {names} were changed", "显示 {names} 中有改动的文件"),
    "exec": ("runs a program inside a running container: {names}", "在运行中的容器里执行程序：{names}"),
    "cp": ("copies files between a container and this machine: {names}", "在容器与本机之间复制文件：{names}"),
    "export": ("writes the file system of {names} into an archive", "把 {names} 的文件系统导出为归档文件"),
    "commit": ("makes an image of a container's files: {names}", "用容器的文件制作镜像：{names}"),
    "update": ("changes the limits of {names}", "修改 {names} 的资源限制"),
    "build": ("builds an image from the folder {names}", "用目录 {names} 构建镜像"),
    "push": (
        "uploads {names} to its registry, which cannot be taken back",
        "把 {names} 上传到镜像仓库，且无法撤回",
    ),
    "tag": ("gives an image one more name: {names}", "给镜像再起一个名称：{names}"),
    "rmi": ("removes the images {names}", "删除镜像 {names}"),
    "history": ("shows the layers of {names}", "显示 {names} 的各层"),
    "save": ("writes the images {names} into an archive", "把镜像 {names} 保存为归档文件"),
    "load": ("reads images from an archive", "从归档文件载入镜像"),
    "import": ("makes an image of an archive of files: {names}", "用文件归档制作镜像：{names}"),
    "search": ("looks on Docker Hub for {names}", "在 Docker Hub 上搜索 {names}"),
    "volume create": ("creates a volume", "创建数据卷"),
    "volume ls": ("lists the volumes", "列出数据卷"),
    "volume rm": ("removes the volumes {names} with all they hold", "删除数据卷 {names} 及其全部内容"),
    "volume prune": ("removes volumes that nothing uses, with all they hold", "删除未被使用的数据卷及其内容"),
    "network create": ("creates the network {names}", "创建网络 {names}"),
    "network ls": ("lists the networks", "列出网络"),
    "network rm": ("removes the networks {names}", "删除网络 {names}"),
    "network prune": ("removes networks that nothing uses", "删除未被使用的网络"),
    "network connect": ("connects a container to a network: {names}", "把容器接入网络：{names}"),
    "network disconnect": ("takes a container off a network: {names}", "把容器从网络断开：{names}"),
    "system df": ("shows how much disk space Docker uses", "显示 Docker 占用的磁盘空间"),
    "events": ("shows what happens on the Engine as it happens", "实时显示引擎上发生的事件"),
    "system prune": (
        "removes stopped containers, unused networks, unused images and the build cache",
        "删除已停止的容器、未使用的网络和镜像以及构建缓存",
    ),
    "container prune": ("removes every stopped container", "删除所有已停止的容器"),
    "image prune": ("removes images that nothing uses", "删除未被使用的镜像"),
    "builder prune": ("removes the build cache", "删除构建缓存"),
}


def effect(action: OtherCommand) -> Text:
    """What the command does, in a sentence or a few."""
    if isinstance(action, ComposeCommand):
        from assistant.compose.texts import effect as of_compose

        return of_compose(action)
    en, zh = _EFFECTS[action.name]
    shown = action.args[:6]
    more = " …" if len(action.args) > 6 else ""
    return Text(
        en=f"It {en.format(names=' '.join(shown) + more)}.",
        zh=f"它会{zh.format(names='、'.join(shown) + more)}。",
    )

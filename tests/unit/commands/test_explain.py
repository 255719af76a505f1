from __future__ import annotations

import pytest

from assistant.commands.explain import explain_plan
from tests.unit.commands.conftest import Review


@pytest.mark.parametrize(
    ("line", "said", "said_in_chinese"),
    [
        ("docker ps", ["running containers", "Nothing is changed"], ["正在运行的容器", "不会改变"]),
        ("docker ps -a", ["all containers"], ["所有容器"]),
        ("docker images nginx", ["match nginx"], ["nginx"]),
        ("docker stop a b c", ["a, b and c", "10 seconds"], ["a、b、c", "10 秒"]),
        (
            "docker rm -fv a",
            ["Removes a for good", "ended first", "unnamed volumes"],
            ["永久删除 a", "匿名数据卷"],
        ),
        ("docker pull nginx", ["docker.io/library/nginx:latest"], ["下载"]),
        ("docker logs -f a", ["goes on"], ["持续"]),
        ("docker inspect a", ["about a"], ["a"]),
        ("docker info", ["state of the Engine"], ["引擎"]),
        ("docker version", ["version of the Engine"], ["版本"]),
        (
            "docker run -d -p 8080:80 --name web -v ./data:/d:ro nginx",
            ["named web", "image nginx", "background", "8080→80", "data→/d (ro)", "stays on the Engine"],
            ["名为 web", "nginx", "后台", "8080→80", "保留"],
        ),
        ("docker run --rm ubuntu ls -l", ["`ls -l`", "removed when it ends"], ["`ls -l`", "结束后会被删除"]),
        ("docker run --network none --gpus all x", ["GPU", "no network"], ["GPU", "没有网络"]),
        ("docker run --privileged -v /:/h x", ["refused"], ["拒绝"]),
        (
            "docker build ./src",
            ["builds an image from the folder ./src", "there must be a Dockerfile"],
            ["构建镜像", "应有一个 Dockerfile"],
        ),
        ("sudo reboot", ["shell of this machine"], ["本机"]),
        ("hello", ["is not docker"], ["不是 docker"]),
    ],
)
def test_the_plan_in_words(line: str, said: list[str], said_in_chinese: list[str], judged: Review) -> None:
    text = explain_plan(judged(line))

    for part in said:
        assert part in text.en
    for part in said_in_chinese:
        assert part in text.zh
    assert text.en.count(". ") <= 5

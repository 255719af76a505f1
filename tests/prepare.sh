#!/bin/sh
# Gets what the tests need from outside Python: on Debian and Ubuntu, as root, with apt-get. Elsewhere
# says in one line each what is not there, and which tests are skipped for that.
set -u

has() { command -v "$1" >/dev/null 2>&1; }
has_chromium() { has chromium || has chromium-browser || has google-chrome; }
has_chinese_font() { has fc-list && test -n "$(fc-list :lang=zh 2>/dev/null)"; }
has_compose() { has docker-compose || docker compose version >/dev/null 2>&1; }
in_apt() { test -n "$(apt-cache search --names-only "^$1\$" 2>/dev/null)"; }

missing_packages() {
    { has dockerd && has containerd; } || echo docker.io
    # Newer releases keep the client in a package of its own.
    has docker || { in_apt docker-cli && echo docker-cli; }
    # Reads compose files the way docker does; newer releases have it as a plugin of this name.
    has_compose || { in_apt docker-compose && echo docker-compose; }
    has busybox || echo busybox-static
    has_chromium || echo chromium
    has_chinese_font || echo fontconfig fonts-wqy-microhei
}

install_missing() {
    test -n "$(missing_packages)" || return 0
    log=$(mktemp)
    export DEBIAN_FRONTEND=noninteractive
    # Asked again after the update: only then apt knows which packages there are.
    if apt-get update >"$log" 2>&1 && packages=$(missing_packages) &&
        echo "Installing for the tests:" $packages &&
        apt-get install -y --no-install-recommends $packages >"$log" 2>&1; then
        rm -f "$log"
    else
        echo "apt-get failed, so some tests will be skipped; its last words:" >&2
        tail -n 3 "$log" >&2
        rm -f "$log"
    fi
}

say_missing() {
    engine="skipped: tests on a real Docker Engine"
    if [ -z "${DOCKNOTES_TEST_ENGINE:-}" ]; then
        [ "$(id -u)" = 0 ] || echo "not root, so no private Engine can be started: $engine"
        has dockerd || echo "no dockerd (Debian: docker.io): $engine"
        has busybox || echo "no busybox (Debian: busybox-static): $engine"
    fi
    has docker || echo "no docker command (Debian: docker.io): skipped: comparison with the docker CLI"
    has_compose || echo "no docker compose (Debian: docker-compose): skipped: comparison with docker's own compose"
    has_chromium || echo "no Chromium (Debian: chromium): skipped: browser tests"
    has_chinese_font || echo "no Chinese font (Debian: fonts-wqy-microhei): screenshots show boxes for Chinese"
}

if has apt-get && [ "$(id -u)" = 0 ]; then
    install_missing
fi
say_missing

"""Tools, platforms and systems that people ask of beside Docker, and images known to everybody.

Source: the CNCF landscape (landscape.cncf.io) for runtimes, orchestrators and build tools; the vendors'
own names for their clouds; Docker's list of official images (docs.docker.com/docker-hub) for images.
"""

from __future__ import annotations

_TOOLS = """
podman;buildah;nerdctl;kaniko;skopeo;crictl;containerd;runc;crun;gvisor;kata containers;rkt;umoci
singularity,apptainer;charliecloud;enroot;firecracker;systemd-nspawn;lxc,lxd,incus;bubblewrap
colima;orbstack;rancher desktop;rancher;minikube;microk8s;k3s;k3d;kops;kubespray;kubeadm;kompose
kubernetes,k8s,kube,kubectl;openshift,okd;nomad;mesos;docker swarm,swarm;helm;kustomize;argocd
docker compose,docker-compose,compose;dockge;lazydocker;coolify;dokku;caprover;buildpacks;bazel
vagrant;virtualbox;vmware;proxmox;qemu;kvm;hyper-v;flatpak;ansible;terraform;pulumi;saltstack
github actions;circleci;gitlab ci;ecs,amazon ecs;eks,amazon eks;fargate;elastic beanstalk;aws;azure;gke;aks
google cloud,gcp;cloud run;heroku;fly.io;digitalocean;linode;阿里云;腾讯云;华为云;百度云
slurm;conda,miniconda,anaconda;poetry;virtualenv,venv;rocm;oneapi
""".replace("\n", ";")

_SYSTEMS = """
windows,win10,win11;macos,mac os,mac,macbook,osx,os x,苹果;linux;ubuntu;debian;fedora;centos;rhel,red hat
rocky linux,rocky,rockylinux;almalinux;arch linux,arch,archlinux;opensuse,suse,sles;gentoo;nixos;freebsd
openbsd;solaris;coreos;flatcar;amazon linux;oracle linux;raspberry pi,raspberrypi,raspbian,树莓派;chromebook
chromeos;synology,群晖;qnap,威联通;unraid;truenas;wsl,wsl2;powershell;android,安卓;ios;harmonyos,鸿蒙
arm,arm64,aarch64;riscv,risc-v;apple silicon;jetson;麒麟;统信;openeuler,欧拉;deepin,深度
""".replace("\n", ";")


def _rows(table: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row.split(",")) for row in table.split(";") if row)


TOOLS = _rows(_TOOLS)
"""Tools and platforms, each by all its names."""

SYSTEMS = _rows(_SYSTEMS)
"""What a machine runs, or is, each by all its names; most of them are names of images too."""

IMAGES = frozenset(
    """adminer alpine almalinux amazonlinux apache archlinux busybox caddy cassandra centos clojure
    consul couchdb debian docker drupal elasticsearch elixir erlang fedora flink gcc ghost golang gradle
    grafana haproxy haskell httpd influxdb java joomla julia kibana kong logstash mariadb maven
    memcached mongo mongodb mysql neo4j nextcloud nginx node openjdk perl php postgres postgresql
    prometheus pypy python pytorch rabbitmq redis registry ruby rust solr sonarqube swift telegraf
    tensorflow tomcat traefik ubuntu varnish vault wordpress zookeeper""".split()  # noqa: SIM905 - a list of quoted words would be twice as long
)
"""Images so well known that a name in their place is an image to run, not a tool to run it with."""

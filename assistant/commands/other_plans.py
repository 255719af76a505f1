"""Which builder makes the plan of each command without a module of its own."""

from __future__ import annotations

from assistant.commands import container_plans, image_plans, object_plans
from assistant.commands.plan_parts import Draft

OTHERS: dict[str, Draft] = {
    "start": container_plans.start,
    **{verb: container_plans.on_each(verb) for verb in ("restart", "kill", "pause", "unpause", "wait")},
    "attach": container_plans.attach,
    "rename": container_plans.rename,
    "top": container_plans.top,
    "stats": container_plans.stats,
    "port": container_plans.port,
    "diff": container_plans.diff,
    "exec": container_plans.exec_in,
    "cp": container_plans.cp,
    "export": container_plans.export,
    "commit": container_plans.commit,
    "update": container_plans.update,
    "build": image_plans.build,
    "push": image_plans.push,
    "tag": image_plans.tag,
    "rmi": image_plans.rmi,
    "history": image_plans.history,
    "save": image_plans.save,
    "load": image_plans.load,
    "import": image_plans.import_image,
    "search": image_plans.search,
    "volume create": object_plans.volume_create,
    "volume ls": object_plans.listed("/volumes"),
    "volume rm": object_plans.volume_rm,
    "network create": object_plans.network_create,
    "network ls": object_plans.listed("/networks"),
    "network connect": object_plans.network_connect,
    "network disconnect": object_plans.network_disconnect,
    "network rm": object_plans.network_rm,
    "system df": object_plans.system_df,
    "events": object_plans.events,
    **{
        f"{kind} prune": object_plans.prune
        for kind in ("container", "image", "volume", "network", "builder", "system")
    },
}
"""Canonical name to builder."""

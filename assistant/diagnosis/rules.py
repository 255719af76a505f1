"""All causes in the order they are looked for: the first that fits is told, so special ones stand first."""

from __future__ import annotations

from assistant.diagnosis.building_rules import BUILDING_RULES
from assistant.diagnosis.engine_rules import ENGINE_RULES
from assistant.diagnosis.gpu_rules import GPU_RULES
from assistant.diagnosis.image_rules import IMAGE_RULES
from assistant.diagnosis.object_rules import OBJECT_RULES
from assistant.diagnosis.outcome_rules import OUTCOME_RULES
from assistant.diagnosis.program_rules import PROGRAM_RULES
from assistant.diagnosis.starting_rules import STARTING_RULES
from assistant.diagnosis.values import Rule

RULES: tuple[Rule, ...] = (
    *OUTCOME_RULES,
    *GPU_RULES,
    *ENGINE_RULES,
    *STARTING_RULES,
    *OBJECT_RULES,
    *BUILDING_RULES,
    *IMAGE_RULES,
    *PROGRAM_RULES,
)

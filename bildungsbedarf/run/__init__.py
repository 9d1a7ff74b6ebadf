"""Plan, cache, execute notebooks, keep the state; does not know what a notebook says."""

from bildungsbedarf.run.pipeline import Outcome, run
from bildungsbedarf.run.steps import Step, plan

__all__ = ["Outcome", "Step", "plan", "run"]

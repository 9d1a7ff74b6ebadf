"""The command line."""

from bildungsbedarf.cli import data, keeping, register
from bildungsbedarf.cli.app import main
from bildungsbedarf.cli.frame import app

__all__ = ["app", "data", "keeping", "main", "register"]

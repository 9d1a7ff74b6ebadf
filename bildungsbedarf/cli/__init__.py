"""The command line."""

from bildungsbedarf.cli.app import main

__all__ = ["main"]

"""``python -m bildungsbedarf`` is the command ``bildungsbedarf``."""

from bildungsbedarf.cli import main

if __name__ == "__main__":
    main()

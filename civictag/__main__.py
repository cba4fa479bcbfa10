"""The program's first line, as ``python -m civictag`` and as the script ``civictag``."""

import sys


def main() -> None:
    """Run the command line; Ctrl-C while it is still being loaded ends it without a traceback, too."""
    try:
        from civictag.cli import main as run
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":  # worker processes import this module too
    main()

"""The program's first line, as ``python -m civictag`` and as the script ``civictag``."""

import gc
import sys


def main() -> None:
    """Run the command line; Ctrl-C while it is still being loaded ends it without a traceback, too.

    What is loaded here lives to the end: looking through it for garbage, again and again and once more at
    the end, was 7 % of the start of a run that tags one article.
    """
    gc.disable()
    try:
        from civictag.cli import main as run
    except KeyboardInterrupt:
        sys.exit(130)
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)  # the objects of a table's rows make no circles (1 % of its time)
    gc.enable()
    run()


if __name__ == "__main__":  # worker processes import this module too
    main()

"""`python -m apuntes.exercises`."""

import sys

from apuntes.exercises._cli import main

if __name__ == "__main__":
    sys.exit(main())

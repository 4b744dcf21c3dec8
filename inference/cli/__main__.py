"""`python -m inference.cli` is `penstock`."""

from inference.cli import main

main()

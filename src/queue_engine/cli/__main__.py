"""`python -m queue_engine.cli`."""

from queue_engine.cli import main

main()

"""`python -m agentmem.cli`: the same as `agentmem`."""

from agentmem.cli.main import main

main()

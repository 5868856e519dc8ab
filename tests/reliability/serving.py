"""A server over HTTP on a bank, to be killed: serving.py BANK TOKEN."""

import os
import sys

from agentmem.cli.main import app

if __name__ == "__main__":
    bank, token = sys.argv[1:]
    os.environ |= {"AGENTMEM_EMBEDDER": "hashing", "AGENTMEM_SERVE_TOKEN": token}
    app(["serve", "--db", bank, "--namespace", "acme", "--port", "0", "--per-minute", "1000000"])

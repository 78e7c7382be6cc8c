"""Batches: the server of a batch transform job, and the same for a file on your own disk.

The job's container is the endpoint's server (src/inference.py), which is also asked how much it can take at once. A
row that is not understood fails the file that it is in: no row is left out silently, and line n of the output belongs
to line n of the input.
"""

import argparse
import json
import os
import sys
from pathlib import Path

import inference
import model

PAYLOAD_MEGABYTES = 6


class Handler(inference.Handler):
    """Answers what a batch transform job asks."""

    def do_GET(self) -> None:
        """Says how much the server takes at once, or that it is there."""
        if self.path == "/execution-parameters":
            limits = {
                "MaxConcurrentTransforms": os.cpu_count() or 1,
                "BatchStrategy": "MULTI_RECORD",
                "MaxPayloadInMB": PAYLOAD_MEGABYTES,
            }
            self.send(200, inference.JSON, json.dumps(limits).encode())
        else:
            super().do_GET()


def transform(directory: Path, source: Path, target: Path) -> None:
    """Answers the rows of a CSV file without a header."""
    _, answers = inference.respond(model.load(directory), source.read_bytes(), inference.CSV, inference.CSV)
    target.write_bytes(answers)


def main(arguments: list[str]) -> None:
    """Runs the server, or answers a file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="answer requests on port 8080, as SageMaker wants it")
    file = commands.add_parser("file", help="answer the rows of a CSV file without a header")
    for name in ("model", "source", "target"):
        file.add_argument(name, type=Path)
    chosen = parser.parse_args(arguments)
    if chosen.command == "serve":
        inference.serve(Path("/opt/ml/model"), Handler)
    else:
        transform(chosen.model, chosen.source, chosen.target)


if __name__ == "__main__":
    main(sys.argv[1:])

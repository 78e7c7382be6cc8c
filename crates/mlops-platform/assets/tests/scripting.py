"""What the tests of the build projects' scripts share: the scripts, and where things are."""

import sys
from pathlib import Path

ASSETS = Path(__file__).parent.parent
SCRIPTS = ASSETS / "scripts"
BUILDSPECS = ASSETS / "buildspecs"
ROOT = ASSETS.parent.parent.parent
DATA = Path(__file__).parent / "data"

sys.path.insert(0, str(SCRIPTS))

import build_release  # noqa: E402 (they are no package)
import common  # noqa: E402
import deploy_root  # noqa: E402
import init_repo  # noqa: E402
import publish_wheels  # noqa: E402

__all__ = [
    "ASSETS",
    "BUILDSPECS",
    "DATA",
    "ROOT",
    "SCRIPTS",
    "build_release",
    "common",
    "deploy_root",
    "init_repo",
    "publish_wheels",
]


class Commands:
    """Stands for `subprocess.run`: notes what would run and answers with exit codes, or with what a function does."""

    def __init__(self) -> None:
        self.ran: list[list[str]] = []
        self.environments: list[dict[str, str] | None] = []
        self.answers = {}

    def __call__(self, words, check=True, env=None, **more):
        assert check is False
        line = [str(word) for word in words]
        self.ran.append(line)
        self.environments.append(env)
        answer = next((answer for start, answer in self.answers.items() if start in " ".join(line)), 0)
        status = answer(line) if callable(answer) else answer
        return type("Completed", (), {"returncode": status or 0})

"""What the tests of the build projects' scripts share: the scripts, and where things are."""

import sys
from pathlib import Path

ASSETS = Path(__file__).parent.parent
SCRIPTS = ASSETS / "scripts"
BUILDSPECS = ASSETS / "buildspecs"
STUDIO = ASSETS / "studio"
ROOT = ASSETS.parent.parent.parent
DATA = Path(__file__).parent / "data"

sys.path.insert(0, str(SCRIPTS))

import associate_user  # noqa: E402 (they are no package)
import build_cfn  # noqa: E402
import build_endpoint_params  # noqa: E402
import build_lcc  # noqa: E402
import build_model_group_params  # noqa: E402
import build_monitor_params  # noqa: E402
import build_release  # noqa: E402
import common  # noqa: E402
import create_sm_experiment  # noqa: E402
import deploy_root  # noqa: E402
import images  # noqa: E402
import init_repo  # noqa: E402
import json_schema  # noqa: E402
import model_config  # noqa: E402
import project  # noqa: E402
import publish_wheels  # noqa: E402
import push_image  # noqa: E402
import stages  # noqa: E402
import upsert_pipeline  # noqa: E402

__all__ = [
    "ASSETS",
    "BUILDSPECS",
    "DATA",
    "ROOT",
    "SCRIPTS",
    "STUDIO",
    "associate_user",
    "build_cfn",
    "build_endpoint_params",
    "build_lcc",
    "build_model_group_params",
    "build_monitor_params",
    "build_release",
    "common",
    "create_sm_experiment",
    "deploy_root",
    "images",
    "init_repo",
    "json_schema",
    "model_config",
    "project",
    "publish_wheels",
    "push_image",
    "stages",
    "upsert_pipeline",
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

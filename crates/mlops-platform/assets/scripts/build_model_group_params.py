"""Writes what the stack of a project's model group is deployed with, and notes the group's name.

Invariant: nothing but a file and that one parameter is written.
"""

import sys

from common import run, settings
from project import configuration, identity, remember, stage_accounts, tags, write


def work() -> None:
    """Writes the file and the parameter."""
    project, project_id, output = settings("PROJECT", "PROJECT_ID", "OUTPUT")
    tagged = tags(project)
    parameters = identity(project, project_id) | {"StageAccountIds": stage_accounts()}
    write(output, "model-group.json", configuration(parameters, tagged))
    remember(project, "model-package-group", f"{project}-models", tagged)


if __name__ == "__main__":
    sys.exit(run("build_model_group_params", work))

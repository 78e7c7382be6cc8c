"""Makes sure that the platform repository has a branch for development, beside the one that the pipeline follows.

Invariant: a branch that is there is never moved, and nothing is pushed.
"""

import sys
from typing import Any

from common import WorkError, client, run, settings

DEVELOPMENT = "dev"


def tip(codecommit: Any, repository: str, branch: str) -> str | None:
    """Returns the branch's last commit; none if there is no such branch."""
    try:
        return codecommit.get_branch(repositoryName=repository, branchName=branch)["branch"]["commitId"]
    except codecommit.exceptions.BranchDoesNotExistException:
        return None


def work() -> None:
    """Makes the branch unless it is there."""
    repository, branch = settings("REPOSITORY", "BRANCH_NAME")
    codecommit = client("codecommit")
    if tip(codecommit, repository, DEVELOPMENT):
        print(f"branch {DEVELOPMENT} is there: nothing to do")
        return
    commit = tip(codecommit, repository, branch)
    if commit is None:
        raise WorkError(f"repository {repository} has no branch {branch}: push the platform's source to it")
    try:
        codecommit.create_branch(repositoryName=repository, branchName=DEVELOPMENT, commitId=commit)
    except codecommit.exceptions.BranchNameExistsException:
        print(f"branch {DEVELOPMENT} was made in the meantime")
        return
    print(f"branch {DEVELOPMENT} made from {branch}, commit {commit}")


if __name__ == "__main__":
    sys.exit(run("init_mlops_platform_repo", work))

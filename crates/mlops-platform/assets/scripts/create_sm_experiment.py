"""Makes sure that a project has its experiment, which SageMaker's runs are noted in.

Invariant: an experiment that is there is left as it is.
"""

import sys

from botocore.exceptions import ClientError
from common import client, run, settings
from project import gone, pairs, remember, tags


def work() -> None:
    """Makes the experiment unless it is there, and notes its name."""
    (project,) = settings("PROJECT")
    sagemaker, tagged = client("sagemaker"), tags(project)
    try:
        sagemaker.describe_experiment(ExperimentName=project)
        print(f"experiment {project} is there")
    except ClientError as error:
        if not gone(error):
            raise
        sagemaker.create_experiment(
            ExperimentName=project, Description=f"Runs of project {project}", Tags=pairs(tagged)
        )
        print(f"experiment {project} made")
    remember(project, "experiment", project, tagged)


if __name__ == "__main__":
    sys.exit(run("create_sm_experiment", work))

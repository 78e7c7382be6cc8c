"""Action `init_mlops_platform_repo`."""

import pytest
from scripting import common, init_repo

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def codecommit(aws, monkeypatch):
    monkeypatch.setattr(init_repo, "client", aws.client)
    monkeypatch.setenv("REPOSITORY", "platform")
    monkeypatch.setenv("BRANCH_NAME", "main")
    return aws("codecommit")


def has(stub, branch):
    answer = {"branch": {"branchName": branch, "commitId": COMMIT}}
    stub.add_response("get_branch", answer, {"repositoryName": "platform", "branchName": branch})


def lacks(stub, branch, code="BranchDoesNotExistException"):
    expected = {"repositoryName": "platform", "branchName": branch}
    stub.add_client_error("get_branch", code, expected_params=expected)


CREATE = {"repositoryName": "platform", "branchName": "dev", "commitId": COMMIT}


def test_makes_the_branch(codecommit, capsys):
    lacks(codecommit, "dev")
    has(codecommit, "main")
    codecommit.add_response("create_branch", {}, CREATE)
    init_repo.work()
    assert capsys.readouterr().out == f"branch dev made from main, commit {COMMIT}\n"


def test_leaves_a_branch_as_it_is(codecommit, capsys):
    has(codecommit, "dev")
    init_repo.work()
    assert "nothing to do" in capsys.readouterr().out


def test_pipeline_follows_the_development_branch(codecommit, monkeypatch):
    monkeypatch.setenv("BRANCH_NAME", "dev")
    has(codecommit, "dev")
    init_repo.work()


def test_another_run_is_faster(codecommit, capsys):
    lacks(codecommit, "dev")
    has(codecommit, "main")
    codecommit.add_client_error("create_branch", "BranchNameExistsException", expected_params=CREATE)
    init_repo.work()
    assert "in the meantime" in capsys.readouterr().out


def test_empty_repository(codecommit):
    lacks(codecommit, "dev")
    lacks(codecommit, "main")
    with pytest.raises(common.WorkError, match="repository platform has no branch main: push"):
        init_repo.work()


def test_no_repository(codecommit, monkeypatch, capsys):
    monkeypatch.setenv("ACTION", "init_mlops_platform_repo")
    lacks(codecommit, "dev", "RepositoryDoesNotExistException")
    assert common.run("init_mlops_platform_repo", init_repo.work) == 1
    assert "RepositoryDoesNotExistException" in capsys.readouterr().err

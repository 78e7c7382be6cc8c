"""What the tests share: the job folders of a run on generated data, and a network that ends at this machine.

Everything runs as in SageMaker, in a folder that stands for /opt/ml.
"""

import json
import os
import shutil
import socket
import tarfile
from pathlib import Path

# Before anything of the SDK is imported.
os.environ["SAGEMAKER_SUPPRESS_V2_WARNING"] = "1"

import pytest

import config as configuration
import evaluate
import generate
import preprocess
import train

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
ROWS = 200
PROJECT = "churn-model"


@pytest.fixture(autouse=True, scope="session")
def network_ends_here():
    """Fails whoever opens a connection to another machine, or asks for its address."""
    connect, resolve = socket.socket.connect, socket.getaddrinfo
    tried = []  # some libraries go on without a network as if nothing had happened

    def checked_connect(self, address):
        if self.family != socket.AF_UNIX and address[0] not in LOOPBACK:
            tried.append(f"a test connects to {address}")
            raise AssertionError(tried[-1])
        return connect(self, address)

    def checked_resolve(host, *arguments, **more):
        if host not in LOOPBACK:
            tried.append(f"a test asks for the address of {host}")
            raise AssertionError(tried[-1])
        return resolve(host, *arguments, **more)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", checked_connect)
    patch.setattr(socket, "getaddrinfo", checked_resolve)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        patch.delenv(name)
    patch.setenv("PROJECT", PROJECT)
    yield
    patch.undo()
    assert not tried


@pytest.fixture(scope="session")
def config():
    """Returns model_config.yaml."""
    return configuration.load()


@pytest.fixture(scope="session")
def run(config, tmp_path_factory):
    """Returns a folder that stands for /opt/ml after preprocessing, training and evaluation."""
    root = tmp_path_factory.mktemp("ml")
    processing = root / "processing"
    generate.main([str(processing / "input" / "data.csv"), "--rows", str(ROWS)])
    preprocess.main(processing)
    shutil.copytree(processing / "train", root / "input" / "data" / "train")
    write_hyperparameters(root, config["train_config"]["hyperparameters"])
    assert train.main(root) == 0
    pack(root / "model", processing / "model" / "model.tar.gz")
    evaluate.main(processing)
    return root


def write_hyperparameters(root: Path, values: dict) -> None:
    """Writes hyperparameters as SageMaker does: all of them are text."""
    file = root / "input" / "config" / "hyperparameters.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({name: str(value) for name, value in values.items()}))


def pack(directory: Path, archive: Path) -> None:
    """Packs a model as SageMaker does after a training job."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive, "w:gz") as opened:
        for file in directory.iterdir():
            opened.add(file, file.name)

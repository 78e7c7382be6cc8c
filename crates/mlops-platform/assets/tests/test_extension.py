"""The extension of JupyterLab: the files as JupyterLab looks for them, and what they do if there is a node to run them.

JupyterLab itself is not run here: 4.6 with Chromium showed the text at its top.
"""

import json
import shutil
import subprocess

import pytest
from scripting import STUDIO

FOLDER = STUDIO / "extension"
# A page as JupyterLab is one, as far as the extension looks at it.
PAGE = """
const shown = [], warned = [], asked = [];
globalThis.window = globalThis;
console.warn = text => warned.push(text);
globalThis.document = {
  currentScript: { src: 'https://studio/lab/extensions/mlops-project/static/remoteEntry.js?v=1' },
  createElement: () => ({ style: {} })
};
globalThis.fetch = async url => { asked.push(url); return { ok: answer !== null, json: async () => answer }; };
class Widget { constructor(options) { this.node = options.node; } }
require(process.argv[1]);
(async () => {
  const container = window._JUPYTERLAB['mlops-project'];
  await container.init(shares ? { '@lumino/widgets': { '2.0.0': { get: async () => () => ({ Widget }) } } } : {});
  const plugin = (await container.get('./extension'))().default;
  plugin.activate({ shell: { add: (widget, area) => shown.push([widget.id, area, widget.node.textContent]) } });
  await new Promise(resolve => setTimeout(resolve, 10));
  console.log(JSON.stringify({ id: plugin.id, autoStart: plugin.autoStart, shown, warned, asked }));
})();
"""


def test_package_names_what_is_loaded():
    package = json.loads((FOLDER / "package.json").read_text())
    build = package["jupyterlab"]["_build"]
    assert (FOLDER / build["load"]).is_file()
    assert build["extension"] == "./extension"
    assert f"const NAME = '{package['name']}';" in (FOLDER / build["load"]).read_text()


def run(answer, shares="true"):
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node here")
    page = f"const answer = {json.dumps(answer)}, shares = {shares};{PAGE}"
    words = [node, "-e", page, FOLDER / "static" / "remoteEntry.js"]
    return json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)


def test_shows_project_bucket_and_idle_time():
    did = run({"project": "churn-model", "bucket": "churn-model-123456789012", "idleMinutes": 120})
    text = "Project: churn-model · Bucket: churn-model-123456789012 · Stops after: 120 idle minutes"
    assert did == {
        "id": "mlops-project:plugin",
        "autoStart": True,
        "shown": [["mlops-project", "top", text]],
        "warned": [],
        "asked": ["https://studio/lab/extensions/mlops-project/static/project.json"],
    }


def test_unknown_idle_time_is_not_shown():
    did = run({"project": "a", "bucket": "a-1", "idleMinutes": None})
    assert did["shown"][0][2] == "Project: a · Bucket: a-1"


@pytest.mark.parametrize(("answer", "shares", "warned"), [(None, "true", 0), ({"project": "a"}, "false", 1)])
def test_jupyterlab_works_on_if_nothing_can_be_shown(answer, shares, warned):
    did = run(answer, shares)
    assert did["shown"] == []
    assert len(did["warned"]) == warned

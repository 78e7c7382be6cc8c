// Shows at the top of JupyterLab which project a space belongs to, its bucket, and after how many idle minutes it stops.
//
// Written as JupyterLab loads what a bundler made, so that nothing has to be built: a container of one module, and no code of
// others beside. What it shows comes from `project.json`, which the space's lifecycle configuration writes beside this file.
// It never sends anything, and without that file it shows nothing.
(function () {
  'use strict';

  const NAME = 'mlops-project';
  const folder = document.currentScript.src.replace(/[^/]*$/, '');
  let shared = {};

  // The texts that are shown.
  function texts(project) {
    const found = [['Project', project.project], ['Bucket', project.bucket]];
    if (project.idleMinutes) {
      found.push(['Stops after', project.idleMinutes + ' idle minutes']);
    }
    return found.filter(([, value]) => value).map(([name, value]) => name + ': ' + value);
  }

  // A class that JupyterLab itself uses, in whatever version it has.
  async function widgetClass() {
    const versions = Object.values(shared['@lumino/widgets'] || {});
    if (!versions.length) {
      throw new Error('JupyterLab shares no @lumino/widgets');
    }
    return (await versions[0].get())().Widget;
  }

  async function show(app) {
    const answer = await fetch(folder + 'project.json', { cache: 'no-store', credentials: 'same-origin' });
    if (!answer.ok) {
      return;
    }
    const node = document.createElement('div');
    node.style.cssText = 'padding: 4px 12px; color: var(--jp-ui-font-color1); font-size: var(--jp-ui-font-size1)';
    node.textContent = texts(await answer.json()).join(' · ');
    const Widget = await widgetClass();
    const widget = new Widget({ node: node });
    widget.id = NAME;
    app.shell.add(widget, 'top', { rank: 900 });
  }

  const plugin = {
    id: NAME + ':plugin',
    description: 'Shows which project of the MLOps platform a space belongs to.',
    autoStart: true,
    // JupyterLab does not wait, and works on if nothing can be shown.
    activate: app => {
      show(app).catch(error => console.warn(NAME + ': ' + error));
    }
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB[NAME] = {
    init: async scope => {
      shared = scope;
    },
    get: async () => () => ({ __esModule: true, default: plugin })
  };
})();

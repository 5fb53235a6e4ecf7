/* Making elements without strings of HTML, so that nothing a person typed can become markup. */

/** element('p', {class: 'mute', onclick: f, dataset: {id: 3}}, 'text', child, ...) */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) continue;
    // false is a state for aria-pressed, and no attribute at all for hidden.
    if (name.startsWith('aria-')) made.setAttribute(name, String(value));
    else if (value === false) continue;
    else if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (name === 'dataset') Object.assign(made.dataset, value);
    else made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.filter(child => child !== null && child !== undefined && child !== false));
  return made;
}

const SVG = 'http://www.w3.org/2000/svg';

export function icon(name, tone = '') {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', `i ${tone}`);
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `${document.documentElement.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

/** Reads what the server wrote into <script type="application/json" id="...">; null where there is none. */
export function readJson(id) {
  const script = id && document.getElementById(id);
  return script ? JSON.parse(script.textContent) : null;
}

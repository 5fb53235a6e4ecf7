/* Draws every [data-chart] from its JSON script, with the look of the CSS tokens, and again when the theme changes. */
import { readJson } from './dom.js';
import { figureFor } from './chart-kinds.js';
import { look } from './chart-look.js';

const CONFIG = { displayModeBar: false, responsive: true };

/** Draws one chart; resolves when it stands. */
export async function draw(host, figure = readJson(host.dataset.chart)) {
  if (!window.Plotly || !figure) return;
  const { data, layout } = figureFor(figure, look(), { small: host.clientWidth < 480, height: host.clientHeight });
  const isFirst = !host.classList.contains('js-plotly-plot');
  await window.Plotly.react(host, data, layout, CONFIG);
  if (isFirst) host.on('plotly_afterplot', () => setViewBox(host));
  setViewBox(host);
}

/** With a viewBox the print rules can scale the same drawing to the paper. */
function setViewBox(host) {
  const { width, height } = host._fullLayout;
  for (const svg of host.querySelectorAll('.main-svg')) svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
}

export function drawAll(scope = document) {
  for (const host of scope.querySelectorAll('[data-chart]')) draw(host);
}

/* The library is loaded with defer, like this module; whichever comes last starts the drawing. */
if (window.Plotly) drawAll();
else addEventListener('load', () => drawAll());
let resizing = 0;
addEventListener('resize', () => {
  clearTimeout(resizing);
  resizing = setTimeout(() => drawAll(), 200);
});
document.addEventListener('themechange', () => drawAll());
document.addEventListener('htmx:load', event => drawAll(event.target.parentElement ?? document));

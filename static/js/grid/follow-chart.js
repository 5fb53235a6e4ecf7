/* The chart of the chosen row: its months stand exactly above the grid's columns and follow its scrolling. */
import { look } from '../chart-look.js';
import { monthLabel } from '../chart-kinds.js';

const LINES = {
  history: { width: 2, marks: true }, consensus: { width: 2.5, marks: true }, baseline: { width: 1.5, dash: 'dash' },
  budget: { width: 1.5, dash: 'dot' }, previous: { width: 1.5 },
};
const AXIS_SPACE = 44; // room for the axis' numbers, left of the first column

export class FollowChart {
  constructor(grid) {
    this.grid = grid;
    this.host = grid.root.querySelector('[data-grid-chart]');
    this.facts = grid.root.querySelector('[data-grid-facts]');
    this.title = grid.root.querySelector('[data-grid-title]');
    this.path = grid.root.querySelector('[data-grid-path]');
    document.addEventListener('themechange', () => this.redraw());
    addEventListener('load', () => this.redraw());
  }

  show(node) {
    if (this.node === node) return;
    const isOther = this.node?.id !== node.id;
    this.node = node;
    if (this.title) this.title.textContent = node.name;
    if (this.path) this.path.textContent = this.grid.model.pathOf(node).join(' › ') || '\u00a0';
    this.redraw();
    if (isOther) this.#loadFacts();
  }

  /** Arrowing through many rows asks for the facts of the last one only. */
  #loadFacts() {
    clearTimeout(this.factsTimer);
    const { facts } = this.grid.root.dataset;
    if (!this.facts || !facts) return;
    this.factsTimer = setTimeout(() => {
      const { unit, filters } = this.grid.scope;
      const query = new URLSearchParams({ node: this.node.id, unit, ...filters });
      window.htmx?.ajax('GET', `${facts}?${query}`, { target: this.facts, swap: 'innerHTML' });
    }, 200);
  }

  /** After figures or their unit changed. */
  refresh() {
    this.redraw();
    if (this.node) this.#loadFacts();
  }

  redraw() {
    clearTimeout(this.timer);
    if (this.host) this.timer = setTimeout(() => this.#draw(), 50);
  }

  follow() {
    if (!this.host?.classList.contains('js-plotly-plot') || this.shownAt === this.grid.view.host.scrollLeft) return;
    this.shownAt = this.grid.view.host.scrollLeft;
    window.Plotly.relayout(this.host, { 'xaxis.range': this.#range() });
  }

  /** The months that the grid shows, as positions on the axis. */
  #range() {
    const { view } = this.grid;
    const start = view.host.scrollLeft / view.columnWidth;
    return [start - .5, start + (view.host.clientWidth - view.frozen) / view.columnWidth - .5];
  }

  #draw() {
    const { model, view, config } = this.grid;
    if (!window.Plotly || !this.node || !model.months) return;
    this.host.parentElement.style.setProperty('--chart-left', `${view.frozen - AXIS_SPACE}px`);
    const style = look();
    const wanted = config.chart?.measures ?? model.measures.map(measure => measure.key);
    const series = wanted.map(key => this.#series(key)).filter(one => one.y.some(value => value !== null));
    const traces = series.map(one => this.#line(one, style));
    const layout = this.#layout(series.flatMap(one => one.y), style);
    this.shownAt = view.host.scrollLeft;
    window.Plotly.react(this.host, [...this.#band(style), ...traces], layout, { displayModeBar: false, responsive: true });
  }

  #series(key) {
    const { model } = this.grid;
    const measure = model.measureOf.get(key);
    const isPlan = key !== 'history' && key !== 'budget';
    const y = model.months.map((_, column) => (isPlan && column < model.firstPlan ? null : model.valueOf(this.node, key, column)));
    return { key, name: measure?.label ?? key[0].toUpperCase() + key.slice(1), colour: measure?.colour ?? key, y };
  }

  #line({ key, name, colour, y }, style) {
    const drawn = style.colour(colour);
    const { width = 1.5, dash = 'solid', marks = false } = LINES[key] ?? {};
    return {
      type: 'scatter', mode: marks ? 'lines+markers' : 'lines', name, x: y.map((_, column) => column), y, text: this.grid.model.months.map(monthLabel),
      line: { color: drawn, width, dash }, marker: { size: 4, color: drawn }, hovertemplate: '%{y:,.0f}', connectgaps: false,
    };
  }

  #band(style) {
    const [low, high] = (this.grid.config.chart?.band ?? []).map(key => this.#series(key).y);
    if (!high?.some(value => value !== null)) return [];
    const edge = { type: 'scatter', mode: 'lines', x: low.map((_, column) => column), line: { width: 0 }, hoverinfo: 'skip' };
    return [{ ...edge, y: low }, { ...edge, y: high, fill: 'tonexty', fillcolor: style.colour('baseline', .14) }];
  }

  #layout(values, style) {
    const { model } = this.grid;
    const known = values.filter(value => value !== null);
    const [low, high] = known.length ? [Math.min(...known), Math.max(...known)] : [0, 1];
    const start = low > high * .45 ? low - (high - low) * .35 : 0;
    const today = model.firstPlan - .5;
    return style.layout({
      margin: { l: AXIS_SPACE, r: 0, t: 26, b: 6 },
      xaxis: { range: this.#range(), tickvals: model.months.map((_, column) => column), ticktext: model.months.map(monthLabel), showticklabels: false, zeroline: false, automargin: false },
      yaxis: { nticks: 5, tickformat: '~s', range: [Math.min(start, low), high + (high - low || high || 1) * .12], automargin: false },
      shapes: [
        { type: 'line', x0: today, x1: today, yref: 'paper', y0: 0, y1: 1, line: { color: style.colour('accent'), width: 1.5 } },
        { type: 'rect', x0: today, x1: model.fence - .5, yref: 'paper', y0: 0, y1: 1, fillcolor: style.colour('soft', .07), line: { width: 0 }, layer: 'below' },
      ],
      annotations: [{ x: today + .08, y: 1, yref: 'paper', yanchor: 'bottom', xanchor: 'left', text: 'Today', showarrow: false, font: { size: 10.5, color: style.colour('accent') } }],
    });
  }
}

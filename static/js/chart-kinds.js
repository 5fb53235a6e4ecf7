/* The few kinds of chart the pages use, as plotly figures. What is no kind is taken as a plotly figure and only given the look. */

const DASHES = { baseline: 'dash', budget: 'dot' };
const WIDTHS = { consensus: 2.5, history: 2 };
const NAMES_OF_MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "2026-11" becomes "Nov 2026"; other words stay. */
export function monthLabel(text) {
  const match = /^(\d{4})-(\d{2})(-01)?$/.exec(text);
  return match ? `${NAMES_OF_MONTHS[Number(match[2]) - 1]} ${match[1]}` : text;
}

export function shortMonth(text) {
  return monthLabel(text).replace(/ \d{4}$/, '');
}

/** Tick texts: months without their year but at the first and at each January. */
function ticksOf(x, small) {
  const step = Math.ceil(x.length / (small ? 6 : 14));
  const shown = x.map((_, place) => place).filter(place => place % step === 0);
  const texts = shown.map((place, order) => {
    const label = monthLabel(x[place]);
    const turn = order === 0 || String(x[shown[order - 1]]).slice(0, 4) !== String(x[place]).slice(0, 4);
    return label === x[place] ? label : shortMonth(x[place]) + (turn ? `<br>${label.slice(-4)}` : '');
  });
  return { tickmode: 'array', tickvals: shown, ticktext: texts, tickangle: 0 };
}

const places = x => x.map((_, place) => place);
const hover = unit => `%{y:,.1~f}${unit ? ` ${unit}` : ''}`;

/* ---- lines with a band ---- */

function line(series, x, look, unit) {
  const colour = look.colour(series.colour ?? series.name?.toLowerCase());
  return {
    type: 'scatter', mode: series.marks ? 'lines+markers' : 'lines', name: series.name, x: places(x), y: series.y, text: x.map(monthLabel),
    line: { color: colour, width: series.width ?? WIDTHS[series.colour] ?? 1.5, dash: series.dash ?? DASHES[series.colour] ?? 'solid', shape: series.step ? 'hvh' : 'linear' },
    marker: { size: 4, color: colour }, hovertemplate: hover(unit), connectgaps: false,
  };
}

function band({ low, high, name = '' }, x, look) {
  const edge = { type: 'scatter', mode: 'lines', x: places(x), line: { width: 0 }, hoverinfo: 'skip', name };
  return [{ ...edge, y: low }, { ...edge, y: high, fill: 'tonexty', fillcolor: look.colour('baseline', .16) }];
}

/** Names at the ends of the lines, moved apart where they would overlap. */
function endLabels(series, look, span, height) {
  const ends = series
    .filter(one => one.end_label)
    .map(one => ({ one, y: [...one.y].reverse().find(value => value !== null && value !== undefined) }))
    .filter(end => end.y !== undefined)
    .sort((a, b) => a.y - b.y);
  let floor = -Infinity;
  return ends.map(({ one, y }) => {
    const own = (y / (span || 1)) * height;
    const shown = Math.max(own, floor + 13);
    floor = shown;
    return { x: one.y.length - 1, y, text: one.name, xanchor: 'left', xshift: 6, yshift: shown - own, showarrow: false, font: { size: 11, color: look.colour(one.colour === 'previous' ? 'mute' : one.colour) } };
  });
}

function todayMark(today, x, look) {
  const place = x.indexOf(today);
  if (place < 0) return {};
  return {
    shapes: [{ type: 'line', x0: place - .5, x1: place - .5, yref: 'paper', y0: 0, y1: 1, line: { color: look.colour('accent'), width: 1.5 } }],
    annotations: [{ x: place - .42, y: 1, yref: 'paper', yanchor: 'bottom', xanchor: 'left', text: 'Today', showarrow: false, font: { size: 10.5, color: look.colour('accent') } }],
  };
}

function rangeOf(values, fromZero) {
  const known = values.flat().filter(value => Number.isFinite(value));
  if (!known.length) return [0, 1];
  const low = Math.min(...known);
  const high = Math.max(...known);
  const space = (high - low || Math.abs(high) || 1) * .12;
  // A cut axis is for lines only, and only where they would be flat otherwise.
  const start = fromZero || low < high * .45 ? Math.min(0, low - (low < 0 ? space : 0)) : low - space * 3;
  return [start, high + space];
}

function lines(figure, look, { small, height }) {
  const { x, series, unit } = figure;
  const labelled = series.some(one => one.end_label);
  const range = rangeOf([...series.map(one => one.y), figure.band?.low ?? [], figure.band?.high ?? []], figure.from_zero);
  const mark = todayMark(figure.today, x, look);
  return {
    data: [...(figure.band ? band(figure.band, x, look) : []), ...series.map(one => line(one, x, look, unit))],
    layout: look.layout({
      margin: { l: 44, r: labelled ? 84 : 12, t: figure.today ? 22 : 10, b: 36 },
      xaxis: { ...ticksOf(x, small), range: [-.5, x.length - .5], unifiedhovertitle: undefined },
      yaxis: { range, tickformat: '~s' },
      shapes: mark.shapes,
      annotations: [...(mark.annotations ?? []), ...endLabels(series, look, range[1] - range[0], height - 50)],
    }),
  };
}

/* ---- bars ---- */

function bar(series, x, look, { unit, horizontal }) {
  const colour = Array.isArray(series.colours) ? series.colours.map(name => look.colour(name)) : look.colour(series.colour, series.alpha ?? 1);
  const along = horizontal ? { orientation: 'h', y: x.map(monthLabel), x: series.y } : { x: places(x), y: series.y };
  return { type: 'bar', name: series.name, ...along, text: series.text, textposition: series.text ? 'auto' : 'none', textangle: 0, marker: { color: colour }, hovertemplate: horizontal ? hover(unit).replace('%{y', '%{x') : hover(unit) };
}

function bars(figure, look, { small }) {
  const { x, series, horizontal, kind } = figure;
  const category = horizontal ? {} : { xaxis: { ...ticksOf(x, small), showline: true }, yaxis: { rangemode: 'tozero', tickformat: '~s', zeroline: true } };
  return {
    data: series.map(one => (one.line ? line(one, x, look, figure.unit) : bar(one, x, look, figure))),
    layout: look.layout({
      barmode: kind === 'stacked' ? 'relative' : 'group', bargap: .38, margin: { l: horizontal ? 110 : 44, r: 12, t: 10, b: 36 }, ...category,
      ...(horizontal ? { hovermode: 'closest', yaxis: { autorange: 'reversed', showgrid: false }, xaxis: { showgrid: true, rangemode: 'tozero', tickformat: '~s' } } : {}),
    }),
  };
}

/* ---- bridges ---- */

function signed(value, digits) {
  const text = Math.abs(value).toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return (value > 0 ? '+' : value < 0 ? '\u2212' : '') + text;
}

function bridgeHeights(y, measure) {
  let height = 0;
  return y.map((value, place) => (height = measure[place] === 'relative' ? height + value : value));
}

/* More steps than a narrow screen can name below their bars lie on their side. */
const STEPS_UPRIGHT = 6;

function waterfall(figure, look, { small }) {
  const { x, y, measure, axis_start: start = 0, digits = 1 } = figure;
  const lying = small && x.length > STEPS_UPRIGHT;
  const heights = bridgeHeights(y, measure);
  const high = Math.max(...heights);
  const low = Math.min(...heights, start);
  const steps = {
    tickmode: 'array', tickvals: places(x), ticktext: x.map(word => (lying ? word : wrapped(word, small))), tickangle: 0, showline: true,
    tickfont: { size: small && !lying ? 10 : 11, color: look.colour('mute') },
  };
  const amounts = { range: [low, high + (high - low) * (lying ? .3 : .14)], visible: false };
  return {
    data: [{
      type: 'waterfall', orientation: lying ? 'h' : 'v', x: lying ? y : places(x), y: lying ? places(x) : y,
      measure, base: 0, cliponaxis: false, hoverinfo: 'skip', width: .62,
      text: y.map((value, place) => (measure[place] === 'relative' ? signed(value, digits) : signed(value, digits).replace('+', ''))),
      textposition: 'outside', textfont: { size: 12, color: look.colour('ink') },
      connector: { line: { color: look.colour('edge'), width: 1 } },
      increasing: { marker: { color: look.colour(figure.good === 'down' ? 'bad' : 'good') } },
      decreasing: { marker: { color: look.colour(figure.good === 'down' ? 'good' : 'bad') } },
      totals: { marker: { color: look.colour('consensus') } },
    }],
    layout: look.layout({
      hovermode: false, margin: { l: 10, r: 10, t: lying ? 4 : 18, b: lying ? 4 : 40 },
      xaxis: lying ? amounts : steps,
      yaxis: lying ? { ...steps, autorange: 'reversed', showgrid: false } : amounts,
    }),
  };
}

function wrapped(word, small) {
  return small || word.length > 11 ? word.replace(/,? (?=\S)/, match => `${match.trim()}<br>`) : word;
}

/* ---- a figure of plotly's own schema ---- */

function own(figure, look) {
  const data = (figure.data ?? []).map(trace => named(trace, look));
  return { data, layout: look.layout(figure.layout ?? {}) };
}

/** Colours may be names of ours anywhere a plotly colour stands. */
function named(trace, look) {
  const swap = ({ color, ...rest }) => ({ ...rest, ...(color === undefined ? {} : { color: Array.isArray(color) ? color.map(one => tint(one, look)) : tint(color, look) }) });
  return { ...trace, ...(trace.marker ? { marker: swap(trace.marker) } : {}), ...(trace.line ? { line: swap(trace.line) } : {}) };
}

function tint(colour, look) {
  return typeof colour === 'string' && /^[a-z]+$/.test(colour) ? look.colour(colour) : colour;
}

const KINDS = { lines, bars, stacked: bars, waterfall };

/** {data, layout} for plotly. */
export function figureFor(figure, look, size) {
  return (KINDS[figure.kind] ?? own)(figure, look, size);
}

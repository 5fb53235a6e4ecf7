/* The look of charts, read from the CSS tokens so that light and dark follow the page. */

const COLOURS = {
  history: '--series-history', baseline: '--series-baseline', product: '--series-product', marketing: '--series-marketing',
  sales: '--series-sales', planner: '--series-planner', consensus: '--series-consensus', previous: '--series-previous',
  budget: '--series-budget', good: '--good', warn: '--warn', bad: '--bad', accent: '--accent', ink: '--ink', mute: '--ink-2',
  line: '--line', edge: '--line-2', surface: '--surface', soft: '--ink-3',
};
const FORMATS = { en: '.,', de: ',.', fr: ',\u202f', ch: '.\u2019' };

/** light-dark() tokens as plain colours. */
function resolved(token) {
  const probe = document.createElement('i');
  probe.hidden = true;
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

/** {colour(name, alpha), layout(own)}: the colours by name, and the layout that every chart starts from. */
export function look() {
  const cache = {};
  function colour(name, alpha = 1) {
    const token = COLOURS[name] ?? COLOURS.consensus;
    cache[token] ??= resolved(token);
    return alpha === 1 ? cache[token] : cache[token].replace(/rgba?\(([^)]+)\)/, (_, parts) => `rgba(${parts.split(',').slice(0, 3).join(',')},${alpha})`);
  }
  return { colour, layout: own => layoutWith(colour, own) };
}

function layoutWith(colour, { xaxis, yaxis, ...own } = {}) {
  const axis = {
    gridcolor: colour('line'), zerolinecolor: colour('edge'), linecolor: colour('edge'), fixedrange: true,
    automargin: true, tickfont: { size: 11, color: colour('mute') },
  };
  return {
    paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)',
    font: { family: 'Inter, system-ui, sans-serif', size: 11, color: colour('mute') },
    separators: FORMATS[document.documentElement.dataset.numberFormat] ?? FORMATS.en,
    margin: { l: 44, r: 12, t: 10, b: 26 },
    showlegend: false, hovermode: 'x unified', dragmode: false,
    hoverlabel: { bgcolor: colour('surface'), bordercolor: colour('edge'), font: { size: 11, color: colour('ink') } },
    xaxis: { ...axis, showgrid: false, zeroline: false, ...xaxis },
    yaxis: { ...axis, zeroline: false, nticks: 6, ...yaxis },
    ...own,
  };
}

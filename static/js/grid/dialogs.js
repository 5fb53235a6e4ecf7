/* The questions that the grid asks: why, mine or theirs, and the list of keys. */
import { element } from '../dom.js';
import { monthLabel } from '../chart-kinds.js';

/** Opens a dialog and resolves with what its form gave, or null when it was left. */
function ask(dialog, read) {
  document.body.append(dialog);
  return new Promise(resolve => {
    dialog.addEventListener('close', () => {
      resolve(dialog.returnValue === 'ok' ? read() : null);
      dialog.remove();
    });
    dialog.addEventListener('click', event => {
      if (event.target.closest('[data-leave]')) dialog.close();
    });
    dialog.showModal();
  });
}

const field = (label, input) => element('div', { class: 'field' }, element('label', { for: input.id }, label), input);
const leave = word => element('button', { class: 'btn ghost', type: 'button', 'data-leave': true }, word);
const confirm = word => element('button', { class: 'btn primary', value: 'ok' }, word);

/* ---- why ---- */

/** {reason, comment, assumption} or null. */
export function askReason(message, { reasons = [], assumptions = [] }) {
  const reason = element('select', { id: 'grid-reason', required: true }, element('option', { value: '' }, 'Choose a reason'), ...reasons.map(({ code, label }) => element('option', { value: code }, label)));
  const comment = element('textarea', { id: 'grid-comment' });
  const assumption = element('select', { id: 'grid-assumption' }, element('option', { value: '' }, 'None'), ...assumptions.map(({ id, label }) => element('option', { value: id }, label)));
  const form = element('form', { class: 'form', method: 'dialog' },
    element('h2', { id: 'grid-reason-title' }, 'Why this change?'),
    element('p', {}, message),
    field('Reason', reason),
    field('Comment (what the others should know)', comment),
    assumptions.length > 0 && field('Rests on the assumption', assumption),
    element('div', { class: 'actions' }, leave('Do not save'), confirm('Save')));
  return ask(element('dialog', { class: 'dialog', 'aria-labelledby': 'grid-reason-title' }, form), () => ({
    reason: reason.value, comment: comment.value.trim(), assumption: assumption.value ? Number(assumption.value) || assumption.value : null,
  }));
}

/* ---- mine or theirs ---- */

/** conflicts: [{name, measure, month, seen, now, mine, by, at}]. Resolves with a list of "mine"/"theirs", or null for later. */
export function askConflicts(message, conflicts, format) {
  const body = element('tbody', {}, ...conflicts.map((conflict, place) => conflictRow(conflict, place, format)));
  const head = element('thead', {}, element('tr', {}, ...['Cell', 'You saw', 'Now', 'Yours', 'Keep'].map((word, place) => element('th', { scope: 'col', class: place > 0 && place < 4 ? 'num' : null }, word))));
  const all = choice => {
    for (const radio of form.querySelectorAll(`input[value="${choice}"]`)) radio.checked = true;
  };
  const form = element('form', { class: 'form', method: 'dialog' },
    element('h2', { id: 'grid-conflict-title' }, 'Somebody else changed this too'),
    element('p', {}, message ?? 'Nothing of your change is saved yet. Choose for each cell.'),
    element('div', { class: 'cluster' },
      element('button', { class: 'btn small', type: 'button', onclick: () => all('mine') }, 'Keep all of mine'),
      element('button', { class: 'btn small', type: 'button', onclick: () => all('theirs') }, 'Take all of theirs')),
    element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Cells with two values' }, element('table', { class: 'table inner middle' }, head, body)),
    element('div', { class: 'actions' }, leave('Decide later'), confirm('Save')));
  form.classList.add('wide');
  return ask(element('dialog', { class: 'dialog wide', 'aria-labelledby': 'grid-conflict-title' }, form), () => conflicts.map((_, place) => form.elements[`cell-${place}`].value));
}

function conflictRow({ name, measure, month, seen, now, mine, by, at }, place, format) {
  const number = value => element('td', { class: 'num' }, format(value) || 'empty');
  const radio = (value, word) => element('label', {}, element('input', { type: 'radio', name: `cell-${place}`, value, checked: value === 'mine' }), word);
  return element('tr', {},
    element('th', { scope: 'row' }, name, element('small', {}, `${measure}, ${monthLabel(month)}`)),
    number(seen),
    element('td', { class: 'num' }, format(now) || 'empty', element('small', {}, [by, at].filter(Boolean).join(', '))),
    number(mine),
    element('td', {}, element('span', { class: 'segments', role: 'radiogroup', 'aria-label': `Keep for ${name}, ${monthLabel(month)}` }, radio('mine', 'Mine'), radio('theirs', 'Theirs'))));
}

/* ---- keys ---- */

const KEYS = [
  ['Arrows, Page Up/Down, Home, End', 'move; with Shift choose more, with Ctrl to the edge'],
  ['Enter or F2', 'change the cell; or just type'],
  ['1200 or =1200', 'set it'],
  ['+200, -200', 'add or take away'],
  ['+10%, -5%, *1.1', 'in proportion'],
  ['Enter, Tab', 'save and move on; Ctrl+Enter fills all chosen cells'],
  ['Esc', 'leave the cell as it was'],
  ['Ctrl+C, Ctrl+V', 'copy and paste, also with a spreadsheet'],
  ['Ctrl+D, Ctrl+R', 'fill down, fill right'],
  ['Ctrl+Z, Ctrl+Y', 'undo, redo a whole action'],
  ['Alt+arrows', 'open and close a branch'],
  ['Shift+F2', 'comments and history of the cell'],
  ['Alt+L', 'lock or unlock the chosen cells'],
  ['Alt+Shift+L', 'lock or unlock the whole rows'],
  ['Ctrl+A', 'choose everything'],
  ['Tab', 'leave the grid'],
];

export function showKeys() {
  const list = element('dl', { class: 'keys' }, ...KEYS.flatMap(([keys, what]) => [element('dt', {}, element('kbd', { class: 'kbd' }, keys)), element('dd', {}, what)]));
  const dialog = element('dialog', { class: 'dialog', 'aria-labelledby': 'grid-keys-title' },
    element('div', { class: 'in' }, element('h2', { id: 'grid-keys-title' }, 'Keys of the grid'), list, element('div', { class: 'actions' }, leave('Close'))));
  return ask(dialog, () => null);
}

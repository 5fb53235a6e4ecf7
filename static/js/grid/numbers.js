/* Numbers in the person's own format. Never guessed: 1.234 is one thing in Hamburg and another in London. */

const MARKS = {
  en: { group: ',', decimal: '.', locale: 'en-GB' },
  de: { group: '.', decimal: ',', locale: 'de-DE' },
  fr: { group: ' ', decimal: ',', locale: 'fr-FR' },
  ch: { group: '’', decimal: '.', locale: 'de-CH' },
};
const SUFFIXES = { k: 1e3, m: 1e6, '%': 0.01 };
const SPACES = /[\s  ]+/g;
const DASHES = /^[-−–—]+$/;

const quoted = mark => mark.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export class NumberFormat {
  constructor(code = 'en') {
    this.marks = MARKS[code] ?? MARKS.en;
    this.formatters = new Map();
    const group = quoted(this.marks.group);
    const decimal = quoted(this.marks.decimal);
    this.grouped = new RegExp(`^\\d{1,3}(?:(?:${group}|['’ ])\\d{3})+(?:${decimal}\\d*)?$`);
    this.plain = new RegExp(`^(?:\\d+(?:${decimal}\\d*)?|${decimal}\\d+)(?:[eE][+-]?\\d+)?$`);
    this.example = this.format(1234.5, 1);
  }

  format(value, digits = 0) {
    if (value === null || value === undefined || Number.isNaN(value)) return '';
    if (!this.formatters.has(digits)) {
      this.formatters.set(digits, new Intl.NumberFormat(this.marks.locale, { maximumFractionDigits: digits, minimumFractionDigits: 0 }));
    }
    return this.formatters.get(digits).format(value).replace('-', '−').replace(/'/g, '’').replace(/^−0$/, '0');
  }

  /** For editing and for the clipboard: no groups, the person's decimal mark, all digits. */
  plainText(value) {
    return value === null || value === undefined ? '' : String(Math.round(value * 1000) / 1000).replace('.', this.marks.decimal);
  }

  /** "1,234.5" "(120)" "1 300" "12k" "3%" "€ 40" as a number; null where the text is no number in this format. */
  parse(text) {
    let rest = String(text ?? '').trim().replace(SPACES, ' ').replace(/^[€$£¥]\s?|\s?[€$£¥]$/g, '').replace(/[−–]/g, '-');
    if (rest === '' || DASHES.test(rest)) return null;
    let sign = 1;
    if (/^\(.*\)$/.test(rest)) [sign, rest] = [-1, rest.slice(1, -1).trim()];
    if (/^[-+]/.test(rest)) [sign, rest] = [rest[0] === '-' ? -sign : sign, rest.slice(1).trim()];
    const suffix = SUFFIXES[rest.at(-1)?.toLowerCase()];
    if (suffix) rest = rest.slice(0, -1).trim();
    if (!this.grouped.test(rest) && !this.plain.test(rest)) return null;
    const bare = rest.replace(this.grouped.test(rest) ? new RegExp(`[${quoted(this.marks.group)}'’ ]`, 'g') : / /g, '').replace(this.marks.decimal, '.');
    return sign * Number.parseFloat(bare) * (suffix ?? 1);
  }

  /**
   * What somebody typed into a cell, as {operation, value}: "1200" and "=1200" set, "+200" and "-200" add,
   * "+10%" and "*1.1" multiply. Null where it is no number.
   */
  parseEntry(text) {
    const entry = text.trim().replace(/[−–]/g, '-');
    const sign = /^[-+]/.test(entry) ? entry[0] : '';
    if (entry.startsWith('=')) return this.#operation('set', this.parse(entry.slice(1)));
    if (entry.startsWith('*')) return this.#operation('multiply', this.parse(entry.slice(1)));
    if (sign && entry.endsWith('%')) {
      const share = this.parse(entry);
      return this.#operation('multiply', share === null ? null : 1 + share);
    }
    return this.#operation(sign ? 'add' : 'set', this.parse(entry));
  }

  #operation(operation, value) {
    return value === null || !Number.isFinite(value) ? null : { operation, value };
  }
}

/** The result of an operation on a value; empty counts as nothing there yet. */
export function applied(operation, value, present) {
  if (operation === 'add') return (present ?? 0) + value;
  if (operation === 'multiply') return (present ?? 0) * value;
  return value;
}

/** Whole parts in proportion to the weights that add up to the total exactly (largest remainder); equal parts for no weights. */
export function spread(total, weights) {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const exact = weights.map(weight => (sum ? (weight / sum) * total : total / weights.length));
  const whole = exact.map(Math.floor);
  let rest = Math.round(total - whole.reduce((all, part) => all + part, 0));
  const byRemainder = exact.map((part, place) => [part - whole[place], place]).sort((a, b) => b[0] - a[0]);
  for (const [, place] of byRemainder) {
    if (rest <= 0) break;
    whole[place] += 1;
    rest -= 1;
  }
  return whole;
}

/* Messages at the foot of the page: good news goes by itself, trouble stays until it is closed. */
import { element, icon } from './dom.js';

const MARKS = { good: 'check', warn: 'alert', bad: 'alert' };
const GOOD_NEWS_MS = 6000;

/** Shows a message; tone is '', 'good', 'warn' or 'bad'. The same words are not shown twice. */
export function notify(text, tone = '') {
  const region = document.querySelector('[data-notices]');
  if (!region || !text) return;
  for (const present of region.querySelectorAll('.notice')) {
    if (present.querySelector('p')?.textContent === text) present.remove();
  }
  const close = element('button', { class: 'btn small ghost icon-only', type: 'button', 'aria-label': 'Close this message', 'data-close-notice': true }, icon('close'));
  const notice = element('div', { class: `notice ${tone}`, role: tone === 'bad' ? 'alert' : null }, icon(MARKS[tone] ?? 'bell', tone), element('p', {}, text), close);
  region.append(notice);
  if (tone === 'good') setTimeout(() => notice.remove(), GOOD_NEWS_MS);
}

/* What the server said with the page: good news goes by itself here too. */
for (const notice of document.querySelectorAll('.notice.good')) setTimeout(() => notice.remove(), GOOD_NEWS_MS);

document.addEventListener('click', event => {
  event.target.closest?.('[data-close-notice]')?.closest('.notice').remove();
});

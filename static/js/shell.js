/* What every page does: theme, menus, search key, dialogs, connection, and htmx's errors in words. */
import './heat-table.js';
import { csrfToken, wordsFor } from './http.js';
import { notify } from './notices.js';

const root = document.documentElement;

/* ---- light and dark ---- */

function isDark() {
  const chosen = root.dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

function announceTheme() {
  document.dispatchEvent(new CustomEvent('themechange'));
}

document.addEventListener('submit', event => {
  const form = event.target.closest('[data-theme-form]');
  if (!form) return;
  event.preventDefault();
  root.dataset.theme = isDark() ? 'light' : 'dark';
  announceTheme();
  // Kept for the next page and the next device; if the server is away the page keeps it all the same.
  const body = new URLSearchParams({ theme: root.dataset.theme, next: location.pathname });
  fetch(form.action, { method: 'POST', body, headers: { 'X-CSRFToken': csrfToken() }, redirect: 'manual' }).catch(() => {});
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', announceTheme);

/* ---- menus: the stages on a phone, and the sheets that hang from the bar ---- */

function showPlaces(button, open) {
  document.getElementById(button.getAttribute('aria-controls')).classList.toggle('is-open', open);
  button.setAttribute('aria-expanded', open);
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll('[data-menu][open]')) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener('click', event => {
  const button = event.target.closest('[data-menu-button]');
  if (button) showPlaces(button, button.getAttribute('aria-expanded') !== 'true');
  closeMenus(event.target.closest('[data-menu]'));
});

function onEscape() {
  const button = document.querySelector('[data-menu-button][aria-expanded="true"]');
  const menu = document.querySelector('[data-menu][open]');
  if (button) {
    showPlaces(button, false);
    button.focus();
  } else if (menu) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
}

/* ---- keys ---- */

document.addEventListener('keydown', event => {
  if (event.key === 'Escape') onEscape();
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
    const search = document.querySelector('[data-find]');
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  }
});

/* ---- dialogs that stand in the page ---- */

document.addEventListener('click', event => {
  const opener = event.target.closest('[data-open-dialog]');
  if (opener) document.getElementById(opener.dataset.openDialog)?.showModal();
  event.target.closest('[data-close-dialog]')?.closest('dialog').close();
});

/* ---- widths that the server knows, set where the content policy allows it ---- */

function setShares(scope) {
  for (const bar of scope.querySelectorAll('[data-share]')) {
    bar.style.setProperty('--share', `${bar.dataset.share}%`);
  }
}

/* ---- connection ---- */

function showConnection() {
  for (const line of document.querySelectorAll('[data-offline]')) line.hidden = navigator.onLine;
}

addEventListener('offline', showConnection);
addEventListener('online', showConnection);

/* ---- forms that submit when something is chosen; and no second press while the first is under way ---- */

document.addEventListener('change', event => {
  const form = event.target.closest('[data-submit-on-change]');
  if (form && !form.hasAttribute('hx-get')) form.requestSubmit();
});

document.addEventListener('submit', event => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post' || form.matches('[hx-post]')) return;
  for (const button of form.querySelectorAll('button:not([type=button])')) {
    // After this turn, so that the pressed button's own value is still sent.
    setTimeout(() => { button.disabled = true; });
  }
});
addEventListener('pageshow', event => {
  if (event.persisted) location.reload();
});

/* ---- htmx ---- */

function messageOf(request) {
  const type = request.getResponseHeader('Content-Type') ?? '';
  if (type.includes('json')) return JSON.parse(request.responseText).message;
  const page = new DOMParser().parseFromString(request.responseText, 'text/html');
  const told = page.querySelector('[role=alert]');
  return told ? told.textContent.replace(/\s+/g, ' ').trim() : '';
}

document.addEventListener('htmx:configRequest', event => {
  event.detail.headers['X-CSRFToken'] = csrfToken();
});
document.addEventListener('htmx:responseError', event => {
  const request = event.detail.xhr;
  notify(messageOf(request) || wordsFor(request.status), 'bad');
});
document.addEventListener('htmx:sendError', () => notify(wordsFor(0), 'warn'));
document.addEventListener('htmx:timeout', () => notify(wordsFor(504), 'warn'));
document.addEventListener('htmx:afterSettle', event => setShares(event.target));

/* ---- background runs: tells the page once when one that it watched has ended ---- */

const watched = new Set();

document.addEventListener('htmx:beforeRequest', event => {
  if (event.target.matches('.run[hx-get]')) watched.add(event.target.id);
});
document.addEventListener('htmx:load', () => {
  for (const run of document.querySelectorAll('[data-run-ended]')) {
    if (!watched.delete(run.id)) continue;
    document.body.dispatchEvent(new CustomEvent('run-ended', { bubbles: true, detail: { id: run.id, state: run.dataset.runEnded } }));
    if (run.dataset.runEnded === 'done' && document.querySelector('[data-reload-after-run]')) location.reload();
  }
});

setShares(document);
showConnection();

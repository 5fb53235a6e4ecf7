/* Requests to our own server, and what went wrong with them, in words. */

/** The token that proves a form or request comes from one of our pages; every page carries it in a form. */
export function csrfToken() {
  return document.querySelector('[name=csrfmiddlewaretoken]')?.value ?? '';
}

/** An answer that is no success. `status` 0 means that the server was not reached. */
export class Refusal extends Error {
  constructor(status, body) {
    super(body.message || wordsFor(status));
    this.status = status;
    this.body = body;
  }

  /** Whether asking again later may help: the network, a proxy or a restart was in the way. */
  get isTemporary() {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

const WORDS = {
  0: 'The server cannot be reached. Check the connection; nothing was lost.',
  401: 'You are signed out. Sign in again in another tab, then repeat the step.',
  403: 'Your roles do not include this.',
  404: 'This is not there any more, or it is outside your scope.',
  413: 'The file is too large.',
  423: 'These figures are locked.',
  429: 'Too many requests. Wait a moment and try again.',
  502: 'The server is being restarted. Try again in a minute.',
  503: 'The server is not available at the moment. Try again in a minute.',
  504: 'The server took too long to answer. Try again in a minute.',
};

export function wordsFor(status) {
  return WORDS[status] ?? 'Something went wrong on the server. It has been logged; try again.';
}

/** GET, or POST when there is a body. Returns the parsed answer or throws a Refusal. */
export async function requestJson(url, body) {
  const response = await fetch(url, optionsFor(body)).catch(() => null);
  if (!response) throw new Refusal(0, {});
  const answer = await parsed(response);
  if (!response.ok) throw new Refusal(response.status, answer);
  return answer;
}

function optionsFor(body) {
  const headers = { Accept: 'application/json' };
  if (body === undefined) return { headers, credentials: 'same-origin' };
  headers['Content-Type'] = 'application/json';
  headers['X-CSRFToken'] = csrfToken();
  return { method: 'POST', headers, credentials: 'same-origin', body: JSON.stringify(body) };
}

async function parsed(response) {
  const type = response.headers.get('Content-Type') ?? '';
  return type.includes('json') ? response.json() : {};
}

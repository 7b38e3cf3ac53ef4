// A form's POST from a script: it never hangs, and a lost answer is asked for once more. What is sent must bear that.

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Milliseconds to wait for one answer. */
const PATIENCE = 6000;

/** What `read` makes of the answer; null when none came, twice. */
export async function postTwice<T>(
  url: string, csrf: string, sent: { body: string | URLSearchParams; type?: string }, read: (answer: Response) => Promise<T | null>,
  fetcher: Fetch = (to, how) => fetch(to, how),
): Promise<T | null> {
  const headers = { Accept: "application/json", "X-CSRFToken": csrf, ...(sent.type === undefined ? {} : { "Content-Type": sent.type }) };
  const init: RequestInit = { method: "POST", credentials: "same-origin", headers, body: sent.body };
  return (await once(url, init, read, fetcher)) ?? (await once(url, init, read, fetcher));
}

async function once<T>(url: string, init: RequestInit, read: (answer: Response) => Promise<T | null>, fetcher: Fetch): Promise<T | null> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    return await read(await fetcher(url, { ...init, signal: stop.signal }));
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

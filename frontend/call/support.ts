// "Minta pendampingan" on a call page: one tap, words if somebody wants to write some. Works also when the call is over.

import { ask, maybePart, part } from "./dom";

export type Post = (url: string, init: RequestInit) => Promise<Response>;

/** Milliseconds. */
const PATIENCE = 8000;

/** Whether it is on record. Sending the same again is harmless, so a lost answer may be tried once more. */
export async function sendSupport(url: string, csrf: string, words: string, post: Post = (to, init) => fetch(to, init)): Promise<boolean> {
  return (await once(url, csrf, words, post)) ?? (await once(url, csrf, words, post)) ?? false;
}

async function once(url: string, csrf: string, words: string, post: Post): Promise<boolean | null> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await post(url, {
      method: "POST", credentials: "same-origin", signal: stop.signal,
      headers: { Accept: "application/json", "X-CSRFToken": csrf }, body: new URLSearchParams({ words }),
    });
    return answer.ok;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** Opens the question; "sent" and "not sent" are told by `told`. */
export async function askSupport(url: string, csrf: string, told: (sent: boolean) => void): Promise<void> {
  const dialog = maybePart<HTMLDialogElement>("support-dialog");
  if (dialog === null) return;
  const field = part<HTMLTextAreaElement>("support-text", dialog);
  field.value = "";
  if ((await ask(dialog)) === "send") told(await sendSupport(url, csrf, field.value.trim()));
}

// "Minta pendampingan" on a call page: one tap, words if somebody wants to write some. Works also when the call is over.

import { ask, maybePart, part } from "./dom";
import { postTwice, type Fetch } from "./post";

/** Whether it is on record. Sending the same again is harmless, so a lost answer may be tried once more. */
export async function sendSupport(url: string, csrf: string, words: string, fetcher?: Fetch): Promise<boolean> {
  return (await postTwice(url, csrf, { body: new URLSearchParams({ words }) }, async (answer) => answer.ok, fetcher)) ?? false;
}

/** Opens the question; "sent" and "not sent" are told by `told`. */
export async function askSupport(url: string, csrf: string, told: (sent: boolean) => void): Promise<void> {
  const dialog = maybePart<HTMLDialogElement>("support-dialog");
  if (dialog === null) return;
  const field = part<HTMLTextAreaElement>("support-text", dialog);
  field.value = "";
  if ((await ask(dialog)) === "send") told(await sendSupport(url, csrf, field.value.trim()));
}

// Calls of this officer that have just ended: the outcome that the record speaks for, confirmed in one tap.

import { maybePart, part } from "../call/dom";
import type { WallCall } from "../call/messages";
import type { Body } from "./acts";

/** The piece of the page that lists them, written by the server; null when it did not come. */
export type Fetcher = (url: string) => Promise<string | null>;
/** Posts a confirmation and tells the officer what was refused; true when it is on record. */
export type Confirm = (url: string, body: Body) => Promise<boolean>;

const PIECE = "just-ended";

export class JustEnded {
  private mine: ReadonlySet<string> = new Set();

  /** Where the page has no such piece (an officer who settles no outcomes), nothing is done. */
  constructor(private readonly url: string, private readonly confirm: Confirm, private readonly fetcher: Fetcher = fetchPiece) {
    this.listen();
  }

  /** Asks anew when a call that was watched here is gone: its end is on record by then. */
  show(calls: Pick<WallCall, "ref" | "mine">[]): void {
    const mine = new Set(calls.filter((call) => call.mine).map((call) => call.ref));
    const gone = [...this.mine].some((ref) => !mine.has(ref));
    this.mine = mine;
    if (gone) void this.refresh();
  }

  async refresh(): Promise<void> {
    if (maybePart(PIECE) === null) return;
    const html = await this.fetcher(this.url);
    const fresh = html === null ? null : new DOMParser().parseFromString(html, "text/html").querySelector(`[data-part="${PIECE}"]`);
    if (fresh === null) return;
    part(PIECE).replaceWith(document.importNode(fresh, true));
    this.listen();
  }

  private listen(): void {
    maybePart(PIECE)?.addEventListener("click", (event) => {
      const button = (event.target as HTMLElement).closest<HTMLButtonElement>("button[data-confirm]");
      if (button !== null) void this.send(button);
    });
  }

  private async send(button: HTMLButtonElement): Promise<void> {
    button.disabled = true;
    await this.confirm(button.dataset["confirm"] ?? "", { seen: button.dataset["seen"] ?? "" });
    await this.refresh();
    // still there: nothing came back, and the officer may try again
    button.disabled = false;
  }
}

async function fetchPiece(url: string): Promise<string | null> {
  try {
    const answer = await fetch(url, { cache: "no-store", credentials: "same-origin" });
    return answer.ok && !answer.redirected ? await answer.text() : null;
  } catch {
    return null;
  }
}

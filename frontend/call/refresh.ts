// Pages that only wait: fetch themselves every few seconds and change one part. The server stays the one who writes.

import { part } from "./dom";

export interface RefreshOptions {
  /** data-part of the piece that is replaced. It may carry data-open: an address to go to. */
  piece: string;
  every: number;
  /** Called with the new piece after a change, and with data-open when there is one. */
  changed?: (piece: HTMLElement) => void;
  open?: (address: string) => void;
}

export class Refresher {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;

  constructor(
    private readonly options: RefreshOptions,
    private readonly fetcher: (url: string, init: RequestInit) => Promise<Response> = (url, init) => fetch(url, init),
    private readonly reload: () => void = () => location.reload(),
  ) {}

  start(): void {
    this.lookForOpen(part(this.options.piece));
    this.later();
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") void this.now(); });
  }

  async now(): Promise<void> {
    clearTimeout(this.timer);
    await this.fetchPage();
    this.later();
  }

  private later(): void {
    clearTimeout(this.timer);
    // a hidden page asks less often, and so does one whose server does not answer
    const slower = Math.min(1 + this.failures, 5) * (document.visibilityState === "hidden" ? 4 : 1);
    this.timer = setTimeout(() => void this.now(), this.options.every * slower);
  }

  private async fetchPage(): Promise<void> {
    try {
      const answer = await this.fetcher(location.href, { headers: { "X-Requested-With": "refresh" }, cache: "no-store", credentials: "same-origin" });
      // signed out, or moved on: the browser should see that page itself
      if (answer.redirected) return this.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      this.failures = 0;
      this.take(await answer.text());
    } catch {
      this.failures += 1;
    }
  }

  private take(html: string): void {
    const page = new DOMParser().parseFromString(html, "text/html");
    const fresh = page.querySelector<HTMLElement>(`[data-part="${this.options.piece}"]`);
    const old = part(this.options.piece);
    if (fresh === null) return this.reload();
    this.lookForOpen(fresh);
    // a hidden field with a fresh key or token is no change worth moving the focus for
    if (fresh.dataset["changed"] === old.dataset["changed"] && fresh.dataset["changed"] !== undefined) return;
    old.replaceWith(document.importNode(fresh, true));
    this.options.changed?.(part(this.options.piece));
  }

  private lookForOpen(piece: HTMLElement): void {
    const address = piece.dataset["open"];
    if (address !== undefined && address !== "") this.options.open?.(address);
  }
}

// An officer's act: a POST with a key, so that a double click or a retry does its work once.

export interface RefusalRow { code: string; sentence: string; next: string | null }
/** `recorded`: false when it was done, but the record takes longer than the answer could wait. */
export interface ActAnswer { ok: boolean; recorded: boolean; refusals: RefusalRow[] }

export type Body = Record<string, string | boolean | number>;
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Milliseconds. A closing act must not hang: the officer then tries again or calls out. */
const PATIENCE = 6000;

export class Acts {
  constructor(
    private readonly pattern: string,
    private readonly csrf: string,
    private readonly fetcher: Fetch = (url, init) => fetch(url, init),
    private readonly newKey: () => string = () => crypto.randomUUID(),
  ) {}

  /** Answers null when nothing came back: neither done nor refused, as far as we know. */
  async send(ref: string, act: string, body: Body = {}): Promise<ActAnswer | null> {
    return this.post(this.pattern.replace("{ref}", encodeURIComponent(ref)).replace("{act}", act), body);
  }

  async post(url: string, body: Body = {}): Promise<ActAnswer | null> {
    const init = this.request({ key: this.newKey(), ...body });
    // the same key again: a lost answer must not become a second act, nor a lost act stay undone
    return (await this.once(url, init)) ?? (await this.once(url, init));
  }

  private async once(url: string, init: RequestInit): Promise<ActAnswer | null> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      return await read(await this.fetcher(url, { ...init, signal: stop.signal }));
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  private request(body: Body): RequestInit {
    return {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.csrf },
      body: JSON.stringify(body),
    };
  }
}

async function read(response: Response): Promise<ActAnswer | null> {
  const answer: unknown = await response.json();
  if (typeof answer !== "object" || answer === null || !("ok" in answer)) return null;
  const rows = "refusals" in answer && Array.isArray(answer.refusals) ? (answer.refusals as RefusalRow[]) : [];
  const recorded = !("recorded" in answer) || answer.recorded === true;
  return { ok: answer.ok === true, recorded, refusals: rows };
}

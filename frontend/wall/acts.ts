// An officer's act: a POST with a key, so that a double click or a retry does its work once. What closes goes over the
// control socket as well, where no page, session or database stands between; the same key makes both ways one act.

import type { ActedMessage, WallMessage } from "../call/messages";
import { postTwice, type Fetch } from "../call/post";

export interface RefusalRow { code: string; sentence: string; next: string | null }
/** `recorded`: false when it was done, but the record takes longer than the answer could wait. */
export interface ActAnswer { ok: boolean; recorded: boolean; refusals: RefusalRow[] }

export type Body = Record<string, string | boolean | number>;

/** Milliseconds to wait for the line's answer to a closing act: the officer then tries again or calls out. */
const PATIENCE = 6000;
const CLOSING = new Set(["pause", "end", "refuse", "mute"]);

export class Acts {
  /** Acts said over the socket, by key, that wait for their answer. */
  private readonly waiting = new Map<string, (answer: ActAnswer) => void>();

  constructor(
    private readonly pattern: string,
    private readonly csrf: string,
    private readonly say: (message: WallMessage) => boolean = () => false,
    private readonly fetcher?: Fetch,
    private readonly newKey: () => string = () => crypto.randomUUID(),
  ) {}

  /** Answers null when nothing came back: neither done nor refused, as far as we know. */
  async send(ref: string, act: string, body: Body = {}): Promise<ActAnswer | null> {
    const full = { key: this.newKey(), ...body };
    const ways = CLOSING.has(act) ? [this.overLine(ref, act, full)] : [];
    ways.push(this.post(this.pattern.replace("{ref}", encodeURIComponent(ref)).replace("{act}", act), full));
    return firstDone(ways);
  }

  /** The socket's answer to an act of ours. */
  acted(message: ActedMessage): void {
    this.waiting.get(message.key)?.({ ok: message.ok, recorded: message.recorded !== false, refusals: message.refusals ?? [] });
  }

  async post(url: string, body: Body = {}): Promise<ActAnswer | null> {
    // one key for both tries: a lost answer must not become a second act, nor a lost act stay undone
    const full = JSON.stringify({ ...body, key: body["key"] ?? this.newKey() });
    return postTwice(url, this.csrf, { body: full, type: "application/json" }, read, this.fetcher);
  }

  private async overLine(ref: string, act: string, body: Body & { key: string }): Promise<ActAnswer | null> {
    if (!this.say({ t: "act", act, call: ref, body })) return null;
    return new Promise((resolve) => {
      const done = (answer: ActAnswer | null): void => {
        clearTimeout(timer);
        this.waiting.delete(body.key);
        resolve(answer);
      };
      const timer = setTimeout(() => done(null), PATIENCE);
      this.waiting.set(body.key, done);
    });
  }
}

/** The first answer that says it was done; else the last way's, which tells most, or any there is. */
async function firstDone(ways: Promise<ActAnswer | null>[]): Promise<ActAnswer | null> {
  const done = ways.map(async (way) => ((await way)?.ok ? way : Promise.reject(new Error("not done"))));
  return Promise.any(done).catch(async () => (await Promise.all(ways)).reverse().find((answer) => answer !== null) ?? null);
}

async function read(response: Response): Promise<ActAnswer | null> {
  const answer: unknown = await response.json();
  if (typeof answer !== "object" || answer === null || !("ok" in answer)) return null;
  const rows = "refusals" in answer && Array.isArray(answer.refusals) ? (answer.refusals as RefusalRow[]) : [];
  const recorded = !("recorded" in answer) || answer.recorded === true;
  return { ok: answer.ok === true, recorded, refusals: rows };
}

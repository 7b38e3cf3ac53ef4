// Whose sound is on: of one call at a time, and never of one whose people do not read it.

import type { Sign } from "../call/messages";

/** Messages in a row that deny it end the sound: one may have been on its way when it came on. */
const MOST_UNTOLD = 2;

export interface ListeningHooks {
  /** True when the server took it: from then on the people in the call read who hears them. */
  send(ref: string, act: "listen" | "unlisten"): Promise<boolean>;
  /** Turns the sound of this call on and of all others off. */
  sound(ref: string | null): void;
}

export class Listening {
  private heard: string | null = null;
  /** Whose sound was asked for last. */
  private wished: string | null = null;
  private untold = 0;

  constructor(private readonly hooks: ListeningHooks) {}

  get ref(): string | null {
    return this.heard;
  }

  /** Sound follows the server's yes. */
  async toggle(ref: string): Promise<void> {
    const before = this.heard;
    const wish = before === ref ? null : ref;
    this.turn(null);
    this.wished = wish;
    if (before !== null) await this.hooks.send(before, "unlisten");
    if (wish === null || this.wished !== wish) return;
    const taken = await this.hooks.send(wish, "listen");
    // two quick clicks: the answer to the first must not bring its sound when the second was meant
    if (taken && this.wished === wish) this.turn(wish);
  }

  /** What the server says of a call now. */
  told(ref: string, mine: boolean, sign: Sign): void {
    if (ref !== this.heard) return;
    this.untold = sign === "listening" ? 0 : this.untold + 1;
    if (!mine || this.untold >= MOST_UNTOLD) this.turn(null);
  }

  /** The tile is gone, or its place was given up. */
  gone(ref: string): void {
    if (ref === this.wished) this.wished = null;
    if (ref === this.heard) this.turn(null);
  }

  private turn(ref: string | null): void {
    this.heard = ref;
    this.untold = 0;
    this.hooks.sound(ref);
  }
}

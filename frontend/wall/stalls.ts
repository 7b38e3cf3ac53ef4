// Which end of a call brings nothing any more, seen from the wall itself: its words must not wait for the server. Pure.

import type { EndCounters, Role } from "../call/messages";

/** Nothing new for this long, looked at twice a second: the words stand within two seconds. Milliseconds. */
const STALLED = 1000;

export class Stalls {
  private readonly sums = new Map<Role, number>();
  private readonly grewAt = new Map<Role, number>();

  /** `due`: the end publishes something, as the server says. */
  note(role: Role, counters: EndCounters, due: boolean, at: number): void {
    const sum = counters.frames + counters.audio;
    if (due && sum === this.sums.get(role) && this.grewAt.has(role)) return;
    // what never came is not a line that was lost, but one that is still being made
    if (due && sum > 0) this.grewAt.set(role, at);
    else this.grewAt.delete(role);
    this.sums.set(role, sum);
  }

  isStalled(role: Role, at: number): boolean {
    const grew = this.grewAt.get(role);
    return grew !== undefined && at - grew >= STALLED;
  }
}

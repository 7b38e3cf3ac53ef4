// Notices a dead line long before the engine does, and says when to join anew. Pure.

import type { Sample } from "./engine";
import type { Role } from "./messages";

/** Without audio packets for this long, where some are due and our own line is silent too: join anew. Milliseconds. */
const STALLED = 1500;
/** The line brings nothing at all, not even an answer to a ping. Pings are 2.5 s apart, so allow two. */
const DEAD = 6000;
/** Packets are due, none come, though the line lives: the other side is gone, or our subscription is stuck. */
const STUCK = 8000;
/** Two rejoins are at least this far apart: the first must get its chance. */
const PATIENCE = 4000;

export class Watchdog {
  private connection = -1;
  private audio = 0;
  private audioAt = 0;
  private transport = 0;
  private transportAt = 0;
  private silence = 0;
  private rejoinedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly from: readonly Role[]) {}

  /** True when the page should rejoin now. `due`: the ends whose audio must be flowing. */
  check(sample: Sample, due: readonly Role[]): boolean {
    this.note(sample, due);
    if (!this.isDead(sample.at, due.length > 0) || sample.at - this.rejoinedAt < PATIENCE) return false;
    this.rejoinedAt = sample.at;
    this.audioAt = this.transportAt = sample.at;
    return true;
  }

  /** For how long nothing at all had come in on our line when it was last checked. Milliseconds. */
  get silentFor(): number {
    return this.silence;
  }

  private note(sample: Sample, due: readonly Role[]): void {
    const audio = this.from.reduce((sum, end) => sum + sample.ends[end].audioPackets, 0);
    const fresh = sample.connection !== this.connection;
    if (fresh || audio !== this.audio || due.length === 0) this.audioAt = sample.at;
    if (fresh || sample.transport !== this.transport) this.transportAt = sample.at;
    this.connection = sample.connection;
    this.audio = audio;
    this.transport = sample.transport;
    this.silence = sample.at - this.transportAt;
  }

  private isDead(at: number, audioDue: boolean): boolean {
    const audioGone = audioDue ? at - this.audioAt : 0;
    const allGone = at - this.transportAt;
    return (audioGone >= STALLED && allGone >= STALLED) || allGone >= DEAD || audioGone >= STUCK;
  }
}

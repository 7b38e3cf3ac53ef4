// The officer's own voice: the microphone is opened, and sends, only while the button is on. One call at a time.

import type { WallCall } from "../call/messages";

export interface Microphone { line: { start(): void; stop(): void }; close(): void }

export interface SpeakingHooks {
  /** Opens the microphone for this call's second room; null when there is none or it was refused. */
  open(call: WallCall): Promise<Microphone | null>;
  send(ref: string, act: "speak" | "hush"): Promise<boolean>;
  noMicrophone(): void;
  changed(): void;
}

export class Speaking {
  private ref: string | null = null;
  private microphone: Microphone | null = null;
  private busy = false;
  /** Counts every stop: a beginning that one overtook comes to nothing. */
  private turn = 0;
  /** The server has said that we speak: from then on its silence is an order. */
  private confirmed = false;

  constructor(private readonly hooks: SpeakingHooks) {}

  get isAnywhere(): boolean {
    return this.ref !== null;
  }

  isOn(ref: string): boolean {
    return this.ref === ref;
  }

  async toggle(call: WallCall): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const before = this.ref;
      const stopped = this.stop();
      const turn = this.turn;
      await stopped;
      if (before !== call.ref && turn === this.turn) await this.begin(call, turn);
    } finally {
      this.busy = false;
    }
  }

  /** The server's word about all calls: whoever may not speak any more falls silent here, too. */
  follow(calls: readonly WallCall[]): void {
    const mine = calls.find((call) => call.ref === this.ref);
    if (mine?.speaks === "me") this.confirmed = true;
    else if (this.ref !== null && (this.confirmed || mine === undefined)) this.fallSilent();
    if (this.busy || this.ref !== null) return;
    // a voice left over from the page before: this page's microphone is off, so nobody should read otherwise
    for (const call of calls) if (call.speaks === "me") void this.hooks.send(call.ref, "hush");
  }

  /** Silent here first, then told. */
  async stop(): Promise<void> {
    const before = this.ref;
    this.turn += 1;
    this.fallSilent();
    if (before !== null) await this.hooks.send(before, "hush");
  }

  private async begin(call: WallCall, turn: number): Promise<void> {
    const microphone = await this.hooks.open(call);
    if (microphone === null) return this.hooks.noMicrophone();
    if (turn !== this.turn) return microphone.close();
    const allowed = await this.hooks.send(call.ref, "speak");
    if (!allowed || turn !== this.turn) {
      microphone.close();
      if (allowed) await this.hooks.send(call.ref, "hush");
      return;
    }
    this.ref = call.ref;
    this.microphone = microphone;
    microphone.line.start();
    this.hooks.changed();
  }

  private fallSilent(): void {
    this.microphone?.line.stop();
    this.microphone?.close();
    this.microphone = null;
    this.confirmed = false;
    if (this.ref === null) return;
    this.ref = null;
    this.hooks.changed();
  }
}

// The line in words, and counters that never go back. Pure.

import type { Counted, EndSample, Sample } from "./engine";
import type { Counters, EndCounters, QualityReport, Role } from "./messages";

export type Line = QualityReport["line"];

/** The line is judged over this window, so that one lost packet makes nobody worry. Milliseconds. */
const WINDOW = 4000;

/** From here on the words change. Shares of 1, milliseconds, frames a second. */
const WEAK = { concealed: 0.03, loss: 0.05, rtt: 600, fps: 6 };
const BAD = { concealed: 0.12, loss: 0.15, rtt: 1500, fps: 1 };

interface Measured { concealed: number | null; loss: number | null; rtt_ms: number | null; fps: number | null }

/** Watches one connection: what it heard of `from`, and how it was to hear. */
export class LineWatch {
  private samples: Sample[] = [];

  constructor(private readonly from: Role) {}

  /** `expectVideo`: the other side's picture should be running (floor open, camera on, not audio only). */
  judge(sample: Sample, expectVideo: boolean, totalBytes: number): QualityReport {
    if (this.beganAnew(sample)) this.samples = [];
    this.samples.push(sample);
    while ((this.samples[0]?.at ?? 0) < sample.at - WINDOW) this.samples.shift();
    const measured = measure(this.samples[0] ?? sample, sample, this.from);
    const { jitter_ms, width, height } = sample.ends[this.from];
    return { ...measured, jitter_ms, width, height, line: lineOf(measured, expectVideo), bytes: totalBytes };
  }

  /** We rejoined, or the other end did: counters that fall are no measure of the line. */
  private beganAnew(sample: Sample): boolean {
    const before = this.samples.at(-1);
    if (before === undefined) return false;
    const [old, fresh] = [before.ends[this.from], sample.ends[this.from]];
    return before.connection !== sample.connection || fresh.frames < old.frames || fresh.audioPackets < old.audioPackets;
  }
}

function measure(first: Sample, last: Sample, from: Role): Measured {
  const before = first.ends[from];
  const after = last.ends[from];
  return {
    concealed: share(after.concealed - before.concealed, after.samples - before.samples),
    loss: worst(share(lostBetween(before, after), packetsBetween(before, after)), last.sendLoss),
    rtt_ms: last.rtt_ms,
    fps: framesPerSecond(first, last, from),
  };
}

export function lineOf(measured: Measured, expectVideo: boolean): Line {
  if (measured.concealed === null && measured.rtt_ms === null && measured.loss === null) return "unknown";
  if (exceeds(measured, BAD, expectVideo)) return "bad";
  return exceeds(measured, WEAK, expectVideo) ? "weak" : "good";
}

function exceeds(measured: Measured, limit: typeof WEAK, expectVideo: boolean): boolean {
  return (
    (measured.concealed ?? 0) > limit.concealed ||
    (measured.loss ?? 0) > limit.loss ||
    (measured.rtt_ms ?? 0) > limit.rtt ||
    (expectVideo && measured.fps !== null && measured.fps < limit.fps)
  );
}

function framesPerSecond(first: Sample, last: Sample, from: Role): number | null {
  // the first second of a picture says nothing about the line
  if (last.at - first.at < 2000 || first.ends[from].frames === 0) return null;
  return ((last.ends[from].frames - first.ends[from].frames) * 1000) / (last.at - first.at);
}

function lostBetween(before: EndSample, after: EndSample): number {
  return after.audioLost - before.audioLost;
}

function packetsBetween(before: EndSample, after: EndSample): number {
  return after.audioPackets - before.audioPackets + lostBetween(before, after);
}

function share(part: number, whole: number): number | null {
  return whole > 0 ? Math.max(0, part) / whole : null;
}

function worst(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.max(one, other);
}

/**
 * Adds up the streams of all connections: the server sees only growth, and only by what really came. A stream that is
 * missing for a moment goes on from where it was; one that begins anew (either end rejoined) adds from nought.
 */
export class Totals {
  private readonly streams = new Map<string, number>();
  private readonly sums = new Map<Counted, number>();

  add(sample: Sample): void {
    for (const { what, stream, value } of sample.counts) {
      const key = `${what} ${stream}`;
      const more = value - (this.streams.get(key) ?? 0);
      if (more <= 0) continue;
      this.streams.set(key, value);
      this.sums.set(what, this.sum(what) + more);
    }
  }

  get sent(): Counters {
    return { audio: this.sum("sentAudio"), video: this.sum("sentVideo") };
  }

  get bytes(): number {
    return this.sum("bytes");
  }

  received(from: Role): Counters {
    const end = this.end(from);
    return { audio: end.audio, video: end.frames };
  }

  end(from: Role): EndCounters {
    return { frames: this.sum(`${from}Frames`), audio: this.sum(`${from}Audio`) };
  }

  private sum(what: Counted): number {
    return this.sums.get(what) ?? 0;
  }
}

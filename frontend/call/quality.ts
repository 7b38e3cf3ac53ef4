// The line in words, and counters that never go back. Pure.

import type { EndSample, Sample } from "./engine";
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
    if (this.samples.at(-1)?.connection !== sample.connection) this.samples = [];
    this.samples.push(sample);
    while ((this.samples[0]?.at ?? 0) < sample.at - WINDOW) this.samples.shift();
    const measured = measure(this.samples[0] ?? sample, sample, this.from);
    return { ...measured, line: lineOf(measured, expectVideo), bytes: totalBytes };
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

/** Adds the counters of one connection after another: the server sees only growth. */
export class Totals {
  private connection = -1;
  private base: Flat = ZERO;
  private last: Flat = ZERO;

  add(sample: Sample): void {
    if (sample.connection !== this.connection) {
      this.base = combine(this.base, this.last, (one, other) => one + other);
      this.last = ZERO;
      this.connection = sample.connection;
    }
    // a track that went away takes its counters with it: keep the highest seen
    this.last = combine(this.last, flatten(sample), Math.max);
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
    return from === "visitor"
      ? { frames: this.sum("visitorFrames"), audio: this.sum("visitorAudio") }
      : { frames: this.sum("inmateFrames"), audio: this.sum("inmateAudio") };
  }

  private sum(key: keyof Flat): number {
    return this.base[key] + this.last[key];
  }
}

type Flat = Record<"sentAudio" | "sentVideo" | "visitorAudio" | "visitorFrames" | "inmateAudio" | "inmateFrames" | "bytes", number>;

const ZERO: Flat = { sentAudio: 0, sentVideo: 0, visitorAudio: 0, visitorFrames: 0, inmateAudio: 0, inmateFrames: 0, bytes: 0 };

function flatten(sample: Sample): Flat {
  const { visitor, inmate } = sample.ends;
  return {
    sentAudio: sample.sent.audio, sentVideo: sample.sent.video, bytes: sample.bytes,
    visitorAudio: visitor.audioPackets, visitorFrames: visitor.frames, inmateAudio: inmate.audioPackets, inmateFrames: inmate.frames,
  };
}

function combine(one: Flat, other: Flat, how: (a: number, b: number) => number): Flat {
  const keys = Object.keys(ZERO) as (keyof Flat)[];
  return Object.fromEntries(keys.map((key) => [key, how(one[key], other[key])])) as Flat;
}

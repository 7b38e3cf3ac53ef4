// No media at all, everything else real: for tests, and for a site whose media is set to "stub".

import { nextConnection, NO_END, type Counted, type EndSample, type Engine, type EngineOptions, type Sample, type StreamCount } from "./engine";
import type { Counters, Role } from "./messages";

const PACKETS_A_SECOND = 50;
const FRAMES_A_SECOND = 15;

export class StubEngine implements Engine {
  private joinedAt: number | null = null;
  private connection = 0;
  private silent = false;
  private microphone = true;
  private camera = true;
  private sent: Counters = { audio: 0, video: 0 };
  private countedAt = 0;

  constructor(private readonly options: EngineOptions, private readonly now: () => number = () => performance.now()) {}

  join(): void {
    if (this.joinedAt !== null) return;
    this.options.events.status("joining");
    this.begin();
  }

  rejoin(): void {
    if (this.joinedAt !== null) this.begin();
  }

  leave(): void {
    this.joinedAt = null;
    this.options.events.status("left");
  }

  show(end: Role): void {
    this.options.events.tracks(end, { audio: "on", video: "on" });
  }

  async setMicrophone(on: boolean): Promise<void> {
    this.count();
    this.microphone = on;
  }

  async setCamera(on: boolean): Promise<void> {
    this.count();
    this.camera = on;
  }

  silence(silent: boolean): void {
    this.count();
    this.silent = silent;
  }

  setMode(): void { /* nothing is sent */ }
  setPictures(): void { /* nothing is shown */ }
  hear(): void { /* nothing is heard */ }
  async startPlayback(): Promise<void> { /* nothing is played */ }

  async sample(): Promise<Sample | null> {
    if (this.joinedAt === null) return null;
    this.count();
    const end = this.end((this.now() - this.joinedAt) / 1000);
    return {
      at: this.now(), connection: this.connection, rtt_ms: 20, transport: end.audioPackets,
      counts: this.counts(end), sendLoss: 0, ends: { visitor: end, inmate: end },
    };
  }

  private begin(): void {
    this.connection = nextConnection();
    this.joinedAt = this.countedAt = this.now();
    this.sent = { audio: 0, video: 0 };
    this.options.events.status("joined");
  }

  private end(seconds: number): EndSample {
    const packets = Math.floor(seconds * PACKETS_A_SECOND);
    return { ...NO_END, audioPackets: packets, samples: packets * 960, frames: Math.floor(seconds * FRAMES_A_SECOND), fps: FRAMES_A_SECOND, width: 320 };
  }

  private counts(end: EndSample): StreamCount[] {
    const values: [Counted, number][] = [
      ["sentAudio", this.sent.audio], ["sentVideo", this.sent.video], ["bytes", end.audioPackets * 80],
      ["visitorAudio", end.audioPackets], ["visitorFrames", end.frames], ["inmateAudio", end.audioPackets], ["inmateFrames", end.frames],
    ];
    return values.map(([what, value]) => ({ what, value, stream: String(this.connection) }));
  }

  /** Adds what was sent since the last look, as long as anything was. */
  private count(): void {
    const seconds = (this.now() - this.countedAt) / 1000;
    this.countedAt = this.now();
    if (this.silent || this.options.profile === "watcher" || this.joinedAt === null) return;
    if (this.microphone) this.sent.audio += Math.round(seconds * PACKETS_A_SECOND);
    if (this.camera) this.sent.video += Math.round(seconds * FRAMES_A_SECOND);
  }
}

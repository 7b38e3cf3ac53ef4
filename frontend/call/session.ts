// One party's call: ties socket, media, sign of supervision and state together. Knows nothing of the page's look.

import { Control, socketUrl } from "./control";
import { stopAll } from "./devices";
import { takeEarly } from "./early";
import { NO_TRACKS, type DataMode, type Engine, type EngineStatus, type EndTracks, type LocalMedia, type MakeEngine, type Profile, type Sample, type Views } from "./engine";
import { learn, mayPlay, minutesLeft, mustBeSilent, NOTHING_KNOWN, secondsLeft, stateOf, type Facts, type Happening, type PageState } from "./machine";
import type { EndedMessage, PartyMessage, QualityReport, Role, ServerMessage, WarningMessage } from "./messages";
import type { CallPageData } from "./page_data";
import { LineWatch, Totals } from "./quality";
import { browserVerifier, SignWatch, type Verify } from "./sign";
import { Watchdog } from "./watchdog";

/** How often the page looks at itself, and how often at the line. Milliseconds. */
const TICK = 250;
const LOOK = 500;

const NO_REPORT: QualityReport = { line: "unknown", rtt_ms: null, concealed: null, loss: null, fps: null, jitter_ms: null, width: null, height: null, bytes: 0 };

export interface CallView {
  state: PageState;
  facts: Facts;
  seconds: number | null;
  minutes: number | null;
  quality: QualityReport;
  other: EndTracks;
  microphone: boolean;
  camera: boolean;
  mode: DataMode;
  playbackBlocked: boolean;
}

export interface SessionHooks {
  render(view: CallView): void;
  /** The own camera's picture, whenever it changes. */
  ownMedia(media: LocalMedia): void;
  warning(warning: WarningMessage): void;
  reminder(minutes: number, text: string): void;
  ended(ended: Omit<EndedMessage, "t">): void;
}

export interface SessionOptions {
  data: CallPageData;
  role: Role;
  profile: Profile;
  views: Views;
  makeEngine: MakeEngine;
  hooks: SessionHooks;
}

export class CallSession {
  private facts: Facts = NOTHING_KNOWN;
  private media: LocalMedia = { audio: null, video: null };
  private engine: Engine | null = null;
  private engineStatus: EngineStatus = "left";
  private signs: SignWatch | null = null;
  private verify: Verify | null = null;
  private quality: QualityReport = NO_REPORT;
  private other: EndTracks = NO_TRACKS;
  private microphone = true;
  private camera = true;
  private mode: DataMode = "normal";
  private playbackBlocked = false;
  private over = false;
  private readonly otherRole: Role;
  private readonly totals = new Totals();
  private readonly line: LineWatch;
  private readonly dog: Watchdog;
  private readonly control: Control<ServerMessage, PartyMessage>;
  private timers: ReturnType<typeof setInterval>[] = [];

  constructor(private readonly options: SessionOptions) {
    this.otherRole = options.role === "visitor" ? "inmate" : "visitor";
    this.line = new LineWatch(this.otherRole);
    this.dog = new Watchdog([this.otherRole]);
    this.control = new Control<ServerMessage, PartyMessage>({
      url: socketUrl(options.data.control),
      hello: (gen) => ({ t: "hello", gen }),
      beat: (gen) => this.beat(gen),
      onMessage: (message) => this.hear(message),
      onOpen: () => this.learn({ kind: "control", open: true, at: performance.now() }),
      onClose: () => this.learn({ kind: "control", open: false, at: performance.now() }),
      onReplaced: () => this.giveWay(""),
    });
  }

  async start(): Promise<void> {
    this.timers = [setInterval(() => this.tick(), TICK), setInterval(() => void this.look(), LOOK)];
    this.control.start();
    if (this.options.data.signKey !== null) this.verify = await browserVerifier(this.options.data.signKey);
    await this.openDevices();
  }

  /** Asks for camera and microphone, again after a refusal, and joins once both are there. */
  async openDevices(): Promise<void> {
    const { media, devices } = await takeEarly(this.options.profile);
    if (this.over) return stopAll(media);
    this.media = media;
    this.learn({ kind: "devices", devices });
    if (devices !== "ready") return;
    media.video?.addEventListener("ended", () => this.lostDevice(media.video));
    media.audio?.addEventListener("ended", () => this.lostDevice(media.audio));
    this.options.hooks.ownMedia(media);
    this.joinMedia();
  }

  end(): boolean { return this.control.send({ t: "end" }); }
  help(): boolean { return this.control.send({ t: "help" }); }
  retryNow(): void { this.control.retryNow(); }

  async setMicrophone(on: boolean): Promise<void> {
    this.microphone = on;
    await this.engine?.setMicrophone(on);
    this.tick();
  }

  async setCamera(on: boolean): Promise<void> {
    await this.engine?.setCamera(on);
    this.camera = on;
    this.options.hooks.ownMedia(this.media);
    this.tick();
  }

  setMode(mode: DataMode): void {
    this.mode = mode;
    this.engine?.setMode(mode);
    this.tick();
  }

  async startPlayback(): Promise<void> {
    await this.engine?.startPlayback();
  }

  private joinMedia(): void {
    const { data, profile, makeEngine, views } = this.options;
    this.engine?.leave();
    this.engine = makeEngine({
      door: data.door, iceServers: data.iceServers, profile, media: this.media,
      events: {
        status: (status) => this.mediaStatus(status),
        tracks: (end, tracks) => { if (end === this.otherRole) this.other = tracks; },
        playbackBlocked: (blocked) => { this.playbackBlocked = blocked; },
      },
    });
    this.engine.show(this.otherRole, views);
    this.applySilence();
    this.engine.join();
  }

  private mediaStatus(status: EngineStatus): void {
    this.engineStatus = status;
    if (status === "joined" || status === "lost") this.learn({ kind: "media", joined: status === "joined", at: performance.now() });
  }

  private lostDevice(track: MediaStreamTrack | null): void {
    // our own switching off stops the track without this event; this is a cable pulled out or a permission taken away
    if (this.over || (track !== this.media.video && track !== this.media.audio)) return;
    this.learn({ kind: "devices", devices: "missing" });
  }

  private hear(message: ServerMessage): void {
    switch (message.t) {
      case "state": return this.hearState(message);
      case "sign": return void this.hearSign(message);
      case "warning": return this.options.hooks.warning(message);
      case "reminder_minutes": return this.options.hooks.reminder(message.minutes, message.text);
      case "rejoin": return this.engine?.rejoin();
      case "ended": return this.finish(message);
      case "replaced": return this.giveWay(message.message ?? "");
    }
  }

  private hearState(message: Extract<ServerMessage, { t: "state" }>): void {
    // from the first state on the station has five seconds to hear a sign
    if (this.verify !== null && this.signs === null) this.signs = new SignWatch(message.call.ref, this.verify, performance.now());
    this.learn({ kind: "state", seq: message.seq, call: message.call, at: performance.now() });
    if (message.call.state === "ended") this.finish({ outcome: message.call.outcome, message: message.call.message, next_url: null });
  }

  private async hearSign(message: Extract<ServerMessage, { t: "sign" }>): Promise<void> {
    if (await this.signs?.hear(message, performance.now())) this.tick();
  }

  private giveWay(message: string): void {
    if (this.over) return;
    this.learn({ kind: "replaced", message });
    this.stop();
  }

  private finish(ended: Omit<EndedMessage, "t">): void {
    if (this.over) return;
    this.learn({ kind: "ended", ended });
    this.stop();
    this.options.hooks.ended(ended);
  }

  private stop(): void {
    this.over = true;
    this.engine?.leave();
    this.control.stop();
    this.timers.forEach(clearInterval);
    stopAll(this.media);
    this.render();
  }

  private learn(news: Happening): void {
    this.facts = learn(this.facts, news);
    this.tick();
  }

  private tick(): void {
    if (this.over) return;
    const fresh = this.isSupervised();
    if (fresh !== this.facts.supervised) this.facts = learn(this.facts, { kind: "supervised", fresh });
    this.applySilence();
    this.engine?.hear(mayPlay(this.facts, performance.now()));
    this.render();
  }

  private isSupervised(): boolean {
    if (this.options.data.signKey === null) return true;
    // no verifier (no TLS) or no call yet: never fresh; the machine knows when that matters
    return this.signs?.isFresh(performance.now()) ?? false;
  }

  private applySilence(): void {
    this.engine?.silence(this.options.data.signKey !== null && mustBeSilent(this.facts));
  }

  private render(): void {
    const at = performance.now();
    const seconds = secondsLeft(this.facts, at);
    this.options.hooks.render({
      state: stateOf(this.facts, at), facts: this.facts, seconds, minutes: seconds === null ? null : minutesLeft(seconds),
      quality: this.quality, other: this.other, microphone: this.microphone, camera: this.camera, mode: this.mode,
      playbackBlocked: this.playbackBlocked,
    });
  }

  private async look(): Promise<void> {
    const sample = await this.engine?.sample();
    if (sample === null || sample === undefined || this.over) return;
    this.totals.add(sample);
    const expectVideo = this.facts.call?.floor === true && this.other.video === "on" && this.mode !== "audio";
    this.quality = this.line.judge(sample, expectVideo, this.totals.bytes);
    const audioDue = this.facts.call?.floor === true && this.other.audio === "on";
    const dead = this.dog.check(sample, audioDue ? [this.otherRole] : []);
    // before rejoining, which would count the loss from now on only
    this.noteLine(sample, audioDue);
    if (dead) this.engine?.rejoin();
  }

  /** A line that went silent is lost from then on, whatever the engine still believes. */
  private noteLine(sample: Sample, audioDue: boolean): void {
    const silent = this.dog.silentFor;
    const lost = silent > (audioDue ? 1000 : 5500);
    // the last packet may have come right after the look before the one that saw it
    if (lost) this.learn({ kind: "media", joined: false, at: sample.at - silent - LOOK });
    else if (this.engineStatus === "joined" && this.facts.mediaLostAt !== null) this.learn({ kind: "media", joined: true, at: sample.at });
  }

  private beat(gen: number): PartyMessage {
    return {
      t: "beat", gen, visible: document.visibilityState === "visible",
      sent: this.totals.sent, received: this.totals.received(this.otherRole), quality: this.quality,
    };
  }
}

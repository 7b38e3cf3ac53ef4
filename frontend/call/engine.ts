// What a page wants from media. engine_livekit.ts is the real one, engine_stub.ts has no media at all.

import type { Role } from "./messages";
import type { MediaKind } from "./page_data";

/** phone: small picture out and in. station: large. watcher: publishes nothing, sees both ends. */
export type Profile = "phone" | "station" | "watcher";

/** normal; low: small picture, no redundant audio; audio: no pictures either way. */
export type DataMode = "normal" | "low" | "audio";

/** joining: on the way. lost: was in, comes back by itself. refused: the door says not now, tried again. */
export type EngineStatus = "joining" | "joined" | "lost" | "refused" | "left";

export interface LocalMedia { audio: MediaStreamTrack | null; video: MediaStreamTrack | null }

export interface Views { video: HTMLVideoElement; audio: HTMLAudioElement }

/** What an end sends that we hold: null while there is no such track. */
export interface EndTracks { audio: "on" | "muted" | null; video: "on" | "muted" | null }

export interface EngineEvents {
  status(status: EngineStatus): void;
  tracks(end: Role, tracks: EndTracks): void;
  /** The browser wants a tap before it plays sound. */
  playbackBlocked(blocked: boolean): void;
}

export interface EndSample {
  audioPackets: number;
  audioLost: number;
  samples: number;
  concealed: number;
  frames: number;
  fps: number | null;
  width: number | null;
  height: number | null;
  /** Of the sound, in milliseconds. */
  jitter_ms: number | null;
  /** How loud it is now, of 1; known also while nobody listens. */
  level: number | null;
}

/** What adds up over all connections of a page. */
export type Counted = "sentAudio" | "sentVideo" | "visitorAudio" | "visitorFrames" | "inmateAudio" | "inmateFrames" | "bytes";

/** A counter of one stream of one connection. A stream that comes anew has another `stream`. */
export interface StreamCount { what: Counted; stream: string; value: number }

/** One look at the line. Counters are those of the streams that run now; they start anew after a rejoin of either end. */
export interface Sample {
  /** Monotonic milliseconds. */
  at: number;
  /** Different for every connection of the page, also of another engine. */
  connection: number;
  rtt_ms: number | null;
  counts: StreamCount[];
  /** Anything received from the server, pings included: says whether our own line lives. */
  transport: number;
  sendLoss: number | null;
  ends: Record<Role, EndSample>;
}

export interface EngineOptions {
  door: string;
  iceServers: RTCIceServer[];
  profile: Profile;
  media: LocalMedia;
  events: EngineEvents;
}

/** As large as a picture is shown: a tile among many, one of two, alone. */
export type PictureSize = "small" | "middle" | "large";

export interface Engine {
  /** Joins and stays: comes back by itself until `leave`. */
  join(): void;
  /** A new connection as the same person; the media server drops the old one. */
  rejoin(): void;
  leave(): void;
  show(end: Role, views: Views): void;
  setMicrophone(on: boolean): Promise<void>;
  /** Off stops the device itself, so that its light goes out; on asks for it again. */
  setCamera(on: boolean): Promise<void>;
  setMode(mode: DataMode): void;
  /** Watchers: which layer of the pictures is worth its price; small is the default. */
  setPictures(size: PictureSize): void;
  /** Sound of the ends on or off; off is the default for watchers. */
  hear(on: boolean): void;
  /** Stops sending and playing at once, or begins again. */
  silence(silent: boolean): void;
  /** To be called from a tap, when playback is blocked. */
  startPlayback(): Promise<void>;
  sample(): Promise<Sample | null>;
}

export const NO_END: EndSample = { audioPackets: 0, audioLost: 0, samples: 0, concealed: 0, frames: 0, fps: null, width: null, height: null, jitter_ms: null, level: null };

export const NO_TRACKS: EndTracks = { audio: null, video: null };

export function roleOfIdentity(identity: string): Role | null {
  if (identity.startsWith("v-")) return "visitor";
  return identity.startsWith("i-") ? "inmate" : null;
}

let connections = 0;

export function nextConnection(): number {
  connections += 1;
  return connections;
}

export type MakeEngine = (options: EngineOptions) => Engine;

/** Picks the engine the page was told to use. */
export function chooseEngine(kind: MediaKind, livekit: MakeEngine, stub: MakeEngine): MakeEngine {
  return kind === "livekit" ? livekit : stub;
}

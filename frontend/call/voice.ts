// The officer's voice: a second small room, joined only while somebody speaks. Whoever is spoken to hears and sends nothing.

import { LocalAudioTrack, Room, RoomEvent, Track, type LocalTrack } from "livekit-client";
import { socketUrl } from "./control";
import { publishAudio } from "./layers";

const RETRY = 700;

/** One end of the second room: with a track it speaks, with an audio element it hears. */
export class VoiceLine {
  private room: Room | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private wanted = false;

  constructor(
    private readonly door: string,
    private readonly iceServers: RTCIceServer[],
    private readonly end: { speak: MediaStreamTrack } | { hear: HTMLAudioElement },
  ) {}

  start(): void {
    this.wanted = true;
    void this.join();
  }

  /** Out at once: what is not joined sends nothing. */
  stop(): void {
    this.wanted = false;
    clearTimeout(this.timer);
    const room = this.room;
    this.room = null;
    if ("hear" in this.end) this.end.hear.srcObject = null;
    room?.removeAllListeners();
    void room?.disconnect(false).catch(() => undefined);
  }

  private async join(): Promise<void> {
    const room = new Room({ stopLocalTrackOnUnpublish: false, disconnectOnPageLeave: true });
    this.room = room;
    room.on(RoomEvent.TrackSubscribed, (track) => {
      if ("hear" in this.end && room === this.room && track.kind === Track.Kind.Audio) track.attach(this.end.hear);
    });
    room.on(RoomEvent.Disconnected, () => this.again(room));
    try {
      await room.connect(socketUrl(this.door), "door", {
        autoSubscribe: true, maxRetries: 0, websocketTimeout: 8000, peerConnectionTimeout: 10_000,
        ...(this.iceServers.length > 0 ? { rtcConfig: { iceServers: this.iceServers } } : {}),
      });
      if (!("speak" in this.end) || room !== this.room) return;
      const track = new LocalAudioTrack(this.end.speak, undefined, true);
      // the library's own types do not agree with each other under exactOptionalPropertyTypes
      await room.localParticipant.publishTrack(track as unknown as LocalTrack, publishAudio("normal"));
    } catch {
      this.again(room);
    }
  }

  private again(room: Room): void {
    if (!this.wanted || room !== this.room) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { if (this.wanted) void this.join(); }, RETRY);
  }
}

export type MakeEar = (door: string) => Pick<VoiceLine, "start" | "stop">;

/** Follows the server's word: hears while there is a door, and lets go when there is none. */
export class VoiceEar {
  private door: string | null = null;
  private line: Pick<VoiceLine, "start" | "stop"> | null = null;

  constructor(private readonly make: MakeEar) {}

  follow(door: string | null): void {
    if (door === this.door) return;
    this.door = door;
    this.line?.stop();
    this.line = door === null ? null : this.make(door);
    this.line?.start();
  }
}

// The officer's voice: a second small room, joined only while somebody speaks. Whoever is spoken to hears and sends nothing.

import { LocalAudioTrack, RoomEvent, Track, type LocalTrack, type Room } from "livekit-client";
import { publishAudio } from "./layers";
import { RoomLine } from "./room_line";

const NOTHING = (): void => undefined;

/** One end of the second room: with a track it speaks, with an audio element it hears. */
export class VoiceLine {
  private readonly line: RoomLine;

  constructor(door: string, iceServers: RTCIceServer[], private readonly end: { speak: MediaStreamTrack } | { hear: HTMLAudioElement }) {
    this.line = new RoomLine({ door, iceServers, options: () => ({}) }, {
      opened: (room) => this.hearIn(room),
      admitted: (room) => void this.speakIn(room),
      leaving: () => { if ("hear" in this.end) this.end.hear.srcObject = null; },
      joined: NOTHING, lost: NOTHING, refused: NOTHING,
    });
  }

  start(): void {
    this.line.start();
  }

  /** Out at once: what is not joined sends nothing. */
  stop(): void {
    this.line.stop();
  }

  private hearIn(room: Room): void {
    const { end } = this;
    if ("hear" in end) room.on(RoomEvent.TrackSubscribed, (track) => { if (track.kind === Track.Kind.Audio) track.attach(end.hear); });
  }

  private async speakIn(room: Room): Promise<void> {
    if (!("speak" in this.end)) return;
    const track = new LocalAudioTrack(this.end.speak, undefined, true);
    // the library's own types do not agree with each other under exactOptionalPropertyTypes; a room that is lost meanwhile is joined anew
    await room.localParticipant.publishTrack(track as unknown as LocalTrack, publishAudio("normal")).catch(NOTHING);
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

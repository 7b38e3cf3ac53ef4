// What we send: publishes the devices' tracks into one room after another, mutes, stops and silences them.

import { LocalAudioTrack, LocalVideoTrack, Track, type LocalTrack, type Room, type TrackPublishOptions } from "livekit-client";
import { captureOf } from "./capture";
import type { DataMode, LocalMedia, Profile } from "./engine";
import { publishAudio, publishVideo, shrinkTop } from "./layers";

type OurTrack = LocalAudioTrack | LocalVideoTrack;

export class LocalSide {
  private room: Room | null = null;
  private microphone: LocalAudioTrack | null = null;
  private camera: LocalVideoTrack | null = null;
  private microphoneOn = true;
  private cameraOn = true;
  private silent = false;
  private mode: DataMode = "normal";

  constructor(private readonly profile: Profile, private readonly media: LocalMedia) {}

  /** Publishes into a room just joined; while silent nothing is published until `silence(false)`. */
  async publishTo(room: Room, mode: DataMode, silent: boolean): Promise<void> {
    this.room = room;
    this.mode = mode;
    this.silent = silent;
    if (silent) return;
    await Promise.all([this.publishMicrophone(room), this.publishCamera(room)]);
  }

  /** An officer turned the microphone off (the server took its track away) or on again: then it is sent anew. */
  async permissionsChanged(room: Room): Promise<void> {
    if (room !== this.room || this.silent) return;
    if (!maySpeak(room)) this.microphone = null;
    else if (this.microphone === null) await this.publishMicrophone(room);
  }

  forget(): void {
    this.room = null;
    this.microphone = this.camera = null;
  }

  async setMicrophone(on: boolean): Promise<void> {
    this.microphoneOn = on;
    if (this.media.audio !== null) this.media.audio.enabled = on;
    await (on ? this.microphone?.unmute() : this.microphone?.mute());
  }

  async setCamera(on: boolean, mode: DataMode): Promise<void> {
    this.cameraOn = on;
    if (!on) {
      await this.camera?.mute();
      this.media.video?.stop();
      return;
    }
    if (this.media.video?.readyState !== "live") await this.reopenCamera(mode);
    if (this.camera !== null) await this.camera.unmute();
    else if (this.room !== null && !this.silent) await this.publishCamera(this.room);
  }

  async useMode(mode: DataMode): Promise<void> {
    // a camera that cannot be made smaller is still sent with the small layer's bits
    await this.media.video?.applyConstraints(captureOf(this.profile, mode)).catch(() => undefined);
  }

  /** Stops the packets themselves, not only the sound in them; safe to say again and again. */
  async silence(silent: boolean): Promise<void> {
    const changed = silent !== this.silent;
    this.silent = silent;
    if (silent) await this.eachTrack((track) => track.pauseUpstream());
    else if (changed) await this.speakAgain();
  }

  private async speakAgain(): Promise<void> {
    await this.eachTrack((track) => track.resumeUpstream());
    const room = this.room;
    if (room === null) return;
    await Promise.all([
      this.microphone === null ? this.publishMicrophone(room) : undefined,
      this.camera === null ? this.publishCamera(room) : undefined,
    ]);
  }

  private async eachTrack(act: (track: OurTrack) => Promise<unknown>): Promise<void> {
    const tracks = [this.microphone, this.camera].filter((each) => each !== null);
    await Promise.all(tracks.map((track) => act(track).catch(() => undefined)));
  }

  private async reopenCamera(mode: DataMode): Promise<void> {
    const stream = await navigator.mediaDevices.getUserMedia({ video: captureOf(this.profile, mode) });
    const fresh = stream.getVideoTracks()[0];
    if (fresh === undefined) return;
    this.media.video = fresh;
    await this.camera?.replaceTrack(fresh, true);
  }

  private async publishMicrophone(room: Room): Promise<void> {
    if (this.media.audio === null || !maySpeak(room)) return;
    const track = new LocalAudioTrack(this.media.audio, undefined, true);
    this.microphone = track;
    if (!this.microphoneOn) await track.mute();
    await this.publish(room, track, publishAudio(this.mode));
  }

  private async publishCamera(room: Room): Promise<void> {
    const camera = this.media.video;
    if (camera === null || !this.cameraOn || this.mode === "audio") return;
    const track = new LocalVideoTrack(camera, undefined, true);
    this.camera = track;
    await this.publish(room, track, publishVideo(this.profile, this.mode, camera));
    // another change of layers may be under way: then it is made again once that is done
    const shrink = (): Promise<void> => shrinkTop(track.sender, camera);
    await shrink().catch(() => setTimeout(() => void shrink().catch(() => undefined), 500));
  }

  private async publish(room: Room, track: OurTrack, options: TrackPublishOptions): Promise<void> {
    try {
      // the library's own types do not agree with each other under exactOptionalPropertyTypes
      await room.localParticipant.publishTrack(track as unknown as LocalTrack, options);
      // silenced while the answer was on its way
      if (this.silent && room === this.room) await track.pauseUpstream();
    } catch {
      // the room went away meanwhile: the next one publishes anew
    }
  }
}

/** Whether the media server takes a microphone of ours. It says "everything" by naming nothing. */
function maySpeak(room: Room): boolean {
  const sources = room.localParticipant.permissions?.canPublishSources ?? [];
  return sources.length === 0 || sources.some((each) => Track.sourceFromProto(each) === Track.Source.Microphone);
}

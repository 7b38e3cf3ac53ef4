// Media by livekit-client, through our door. No token is needed: the door knows the person by its session.

import { ConnectionState, RemoteTrackPublication, RoomEvent, Track, VideoQuality, type RemoteParticipant, type RemoteTrack, type Room, type RoomOptions } from "livekit-client";
import {
  nextConnection, NO_TRACKS, roleOfIdentity, type DataMode, type Engine, type EngineOptions, type EngineStatus, type EndTracks, type PictureSize, type Sample, type Views,
} from "./engine";
import { publishAudio } from "./layers";
import { LocalSide } from "./local_side";
import type { Role } from "./messages";
import { RoomLine } from "./room_line";
import { louder, readSample } from "./stats";

/** A phone has two layers: its largest is what "high" gives. */
const LAYER: Record<PictureSize, VideoQuality> = { small: VideoQuality.LOW, middle: VideoQuality.MEDIUM, large: VideoQuality.HIGH };

export class LiveKitEngine implements Engine {
  private connection = 0;
  private status: EngineStatus = "left";
  private mode: DataMode = "normal";
  private size: PictureSize = "small";
  private heard: boolean;
  private silent = false;
  private readonly views = new Map<Role, Views>();
  private readonly local: LocalSide;
  private readonly line: RoomLine;

  constructor(private readonly options: EngineOptions) {
    this.heard = options.profile !== "watcher";
    this.local = new LocalSide(options.profile, options.media);
    this.line = new RoomLine({ door: options.door, iceServers: options.iceServers, options: () => this.roomOptions() }, {
      opened: (room) => this.opened(room),
      admitted: (room) => { void this.local.publishTo(room, this.mode, this.silent); this.askForPictures(); },
      joined: () => this.report("joined"),
      lost: () => { this.report("lost"); this.tellTracks(); },
      refused: () => this.report("refused"),
      leaving: (room) => this.letGo(room),
    });
  }

  join(): void {
    this.line.start();
  }

  rejoin(): void {
    if (!this.line.isWanted) return;
    this.report("lost");
    this.line.again();
  }

  leave(): void {
    this.line.stop();
    this.report("left");
  }

  private get room(): Room | null {
    return this.line.room;
  }

  show(end: Role, views: Views): void {
    this.views.set(end, views);
    this.eachTrack((track, owner) => { if (owner === end) this.attach(track, owner); });
    this.applySound();
  }

  async setMicrophone(on: boolean): Promise<void> {
    await this.local.setMicrophone(on);
  }

  async setCamera(on: boolean): Promise<void> {
    await this.local.setCamera(on, this.mode);
  }

  setMode(mode: DataMode): void {
    if (mode === this.mode) return;
    this.mode = mode;
    // a new connection is the one way to change redundancy and layers without asking the door for more tracks
    void this.local.useMode(mode).then(() => this.rejoin());
  }

  setPictures(size: PictureSize): void {
    if (size === this.size) return;
    this.size = size;
    this.askForPictures();
  }

  hear(on: boolean): void {
    this.heard = on;
    this.applySound();
  }

  silence(silent: boolean): void {
    this.silent = silent;
    this.applySound();
    this.eachTrack((track) => { track.mediaStreamTrack.enabled = !silent; });
    void this.local.silence(silent);
  }

  async startPlayback(): Promise<void> {
    await this.room?.startAudio();
    await Promise.all([...this.views.values()].map((views) => views.video.play().catch(() => undefined)));
  }

  async sample(): Promise<Sample | null> {
    const transports = this.room?.engine?.pcManager;
    if (this.room?.state === ConnectionState.Disconnected || transports === undefined) return null;
    const reports = await Promise.all([transports.publisher.getStats(), transports.subscriber?.getStats()]);
    const entries = reports.flatMap((report) => (report === undefined ? [] : [...report.values()]));
    return entries.length === 0 ? null : this.withLevels(readSample(entries, this.owners(), performance.now(), this.connection));
  }

  /** The media server also says who speaks: it hears what this page does not play. */
  private withLevels(sample: Sample): Sample {
    this.room?.remoteParticipants.forEach((who) => {
      const end = roleOfIdentity(who.identity);
      if (end !== null && who.isSpeaking) sample.ends[end] = { ...sample.ends[end], level: louder(sample.ends[end].level, Math.min(1, who.audioLevel)) };
    });
    return sample;
  }

  private roomOptions(): RoomOptions {
    // a watcher's pictures must run even when a tile is scrolled away: frames are its proof of presence
    return { adaptiveStream: this.options.profile !== "watcher", dynacast: true, publishDefaults: publishAudio(this.mode) };
  }

  private opened(room: Room): void {
    this.connection = nextConnection();
    this.report(this.status === "lost" ? "lost" : "joining");
    room.on(RoomEvent.TrackPublished, () => { if (room === this.room) this.askForPictures(); });
    room.on(RoomEvent.TrackSubscribed, (track, _publication, who) => this.gained(track, who));
    room.on(RoomEvent.TrackUnsubscribed, (track) => track.detach());
    for (const event of [RoomEvent.TrackSubscribed, RoomEvent.TrackUnsubscribed, RoomEvent.TrackMuted, RoomEvent.TrackUnmuted, RoomEvent.ParticipantDisconnected] as const) {
      room.on(event, () => { if (room === this.room) this.tellTracks(); });
    }
    room.on(RoomEvent.ParticipantPermissionsChanged, (_before, who) => { if (who === room.localParticipant) void this.local.permissionsChanged(room); });
    room.on(RoomEvent.AudioPlaybackStatusChanged, () => { if (room === this.room) this.options.events.playbackBlocked(this.heard && !room.canPlaybackAudio); });
  }

  /** Lets go of a room without touching camera and microphone. */
  private letGo(room: Room): void {
    room.remoteParticipants.forEach((one) => one.trackPublications.forEach((each) => each.track?.detach()));
    this.local.forget();
  }

  private gained(track: RemoteTrack, who: RemoteParticipant): void {
    const end = roleOfIdentity(who.identity);
    if (end === null) return;
    track.mediaStreamTrack.enabled = !this.silent;
    this.attach(track, end);
    this.applySound();
  }

  private attach(track: RemoteTrack, end: Role): void {
    const views = this.views.get(end);
    if (views === undefined) return;
    track.attach(track.kind === Track.Kind.Video ? views.video : views.audio);
  }

  /** Told before a picture comes: else the server first waits for its largest layer, up to a second (1.13). */
  private askForPictures(): void {
    this.eachPublication((publication) => this.applyQuality(publication));
  }

  private applyQuality(publication: RemoteTrackPublication): void {
    if (publication.kind !== Track.Kind.Video) return;
    if (this.mode === "audio") publication.setSubscribed(false);
    else publication.setVideoQuality(this.wantedQuality());
  }

  private wantedQuality(): VideoQuality {
    if (this.options.profile === "station") return VideoQuality.HIGH;
    if (this.mode === "low") return VideoQuality.LOW;
    return this.options.profile === "phone" ? VideoQuality.MEDIUM : LAYER[this.size];
  }

  private applySound(): void {
    const audible = this.heard && !this.silent;
    this.views.forEach(({ audio }) => {
      audio.muted = !audible;
      // refused without a tap when it was attached, allowed now
      if (audible && audio.paused && audio.srcObject !== null) void audio.play().catch(() => this.options.events.playbackBlocked(true));
    });
  }

  private tellTracks(): void {
    for (const end of ["visitor", "inmate"] as const) this.options.events.tracks(end, this.tracksOf(end));
  }

  private tracksOf(end: Role): EndTracks {
    const found = { ...NO_TRACKS };
    this.eachPublication((each, owner) => {
      if (owner !== end || each.track === undefined) return;
      found[each.kind === Track.Kind.Video ? "video" : "audio"] = each.isMuted ? "muted" : "on";
    });
    return found;
  }

  private owners(): Map<string, Role> {
    const owners = new Map<string, Role>();
    this.eachTrack((track, end) => owners.set(track.mediaStreamTrack.id, end));
    return owners;
  }

  private eachTrack(act: (track: RemoteTrack, end: Role) => void): void {
    this.eachPublication((publication, end) => { if (publication.track !== undefined) act(publication.track, end); });
  }

  private eachPublication(act: (publication: RemoteTrackPublication, end: Role) => void): void {
    this.room?.remoteParticipants.forEach((who) => {
      const end = roleOfIdentity(who.identity);
      if (end !== null) who.trackPublications.forEach((each) => { if (each instanceof RemoteTrackPublication) act(each, end); });
    });
  }

  private report(status: EngineStatus): void {
    if (status === this.status) return;
    this.status = status;
    this.options.events.status(status);
  }
}

// One room of the media server, through our door: joined, joined again after growing pauses, and left at once.

import { DefaultReconnectPolicy, DisconnectReason, Room, RoomEvent, setLogLevel, type RoomOptions } from "livekit-client";
import { socketUrl } from "./control";

/** After a failed join. The first are short: a missing room comes back within a second or two. */
const RETRY = [400, 800, 1500, 2500, 4000];
/** The library's own pauses, shortened: after a restart of the media server nobody waits seven seconds. */
const RESUME = [0, 300, 600, 1000, 1500, 2000, 2000, 2000, 2000, 2000];

// what matters is said on the page; the library calls every closed channel an error
setLogLevel("silent");

export interface LineHooks {
  /** A new room that is about to be joined: the place to listen to it. */
  opened(room: Room): void;
  /** The door let us in: the place to send. */
  admitted(room: Room): void;
  joined(): void;
  lost(): void;
  /** The door said not now; it is asked again. */
  refused(): void;
  /** The room before, without our listeners, just before it is left. */
  leaving(room: Room): void;
}

export interface LinePlace {
  door: string;
  iceServers: RTCIceServer[];
  /** Asked for each room anew. */
  options(): RoomOptions;
}

export class RoomLine {
  private current: Room | null = null;
  private attempt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private wanted = false;

  constructor(
    private readonly place: LinePlace,
    private readonly hooks: LineHooks,
    private readonly make: (options: RoomOptions) => Room = (options) => new Room(options),
  ) {}

  get room(): Room | null {
    return this.current;
  }

  get isWanted(): boolean {
    return this.wanted;
  }

  /** Joins and stays: comes back by itself until `stop`. */
  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    this.attempt = 0;
    this.again();
  }

  /** A new room in place of the present one; the media server drops the old place. */
  again(): void {
    clearTimeout(this.timer);
    this.drop();
    const room = this.make({
      stopLocalTrackOnUnpublish: false, disconnectOnPageLeave: true, reconnectPolicy: new DefaultReconnectPolicy(RESUME), ...this.place.options(),
    });
    this.current = room;
    this.listen(room);
    this.hooks.opened(room);
    void this.join(room);
  }

  /** Out at once: what is not joined sends nothing. */
  stop(): void {
    this.wanted = false;
    clearTimeout(this.timer);
    this.drop();
  }

  private listen(room: Room): void {
    const current = (act: () => void) => () => { if (room === this.current) act(); };
    room.once(RoomEvent.SignalConnected, current(() => this.hooks.admitted(room)));
    room.on(RoomEvent.Connected, current(() => { this.attempt = 0; this.hooks.joined(); }));
    room.on(RoomEvent.Reconnecting, current(() => this.hooks.lost()));
    room.on(RoomEvent.Reconnected, current(() => this.hooks.joined()));
    room.on(RoomEvent.Disconnected, (reason) => { if (room === this.current) this.disconnected(reason); });
  }

  private async join(room: Room): Promise<void> {
    const { door, iceServers } = this.place;
    try {
      await room.connect(socketUrl(door), "door", {
        autoSubscribe: true, maxRetries: 0, websocketTimeout: 8000, peerConnectionTimeout: 10_000,
        ...(iceServers.length > 0 ? { rtcConfig: { iceServers } } : {}),
      });
    } catch (error) {
      if (room === this.current) this.failed(error);
    }
  }

  private failed(error: unknown): void {
    const refused = error instanceof Error && "status" in error && [401, 403].includes(Number(error.status));
    if (refused) this.hooks.refused();
    else this.hooks.lost();
    this.retryLater();
  }

  private disconnected(reason?: DisconnectReason): void {
    this.hooks.lost();
    // somebody with our name came in: the control socket says who is meant to stay, so give it time
    if (reason === DisconnectReason.DUPLICATE_IDENTITY) this.attempt = Math.max(this.attempt, 3);
    this.retryLater();
  }

  private retryLater(): void {
    if (!this.wanted) return;
    clearTimeout(this.timer);
    const wait = RETRY[Math.min(this.attempt, RETRY.length - 1)] ?? 4000;
    this.attempt += 1;
    this.timer = setTimeout(() => this.again(), wait * (0.75 + Math.random() / 2));
  }

  private drop(): void {
    const old = this.current;
    this.current = null;
    if (old === null) return;
    old.removeAllListeners();
    this.hooks.leaving(old);
    void old.disconnect(false).catch(() => undefined);
  }
}

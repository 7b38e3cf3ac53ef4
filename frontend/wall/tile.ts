// One tile: one call, its two ends, its own connection through the door.

import { fromTemplate, onClick, part, setData, setHidden, setPressed, setText } from "../call/dom";
import { NO_TRACKS, type Engine, type EndTracks, type MakeEngine, type PictureSize, type Sample } from "../call/engine";
import { minutesLeft } from "../call/machine";
import type { EndCounters, Hint, Role, WallCall } from "../call/messages";
import { countText, type Texts } from "../call/page_data";
import { Totals } from "../call/quality";
import { Watchdog } from "../call/watchdog";
import { canvasReader, Eye } from "./eye";
import { Stalls } from "./stalls";
import { dueEnds, marksOf, micNote, missingPicture, wordsOf, type TileAct } from "./words";

const ENDS = ["inmate", "visitor"] as const;

export interface TileHooks {
  act(call: WallCall, act: TileAct): void;
  enlarge(ref: string): void;
  playbackBlocked(): void;
}

export class Tile {
  readonly element = fromTemplate<HTMLElement>("tile-template");
  private engine: Engine | null = null;
  private door: string | null = null;
  private readonly totals = new Totals();
  private dog = new Watchdog(ENDS);
  private stalls = new Stalls();
  private readonly eye = new Eye(canvasReader());
  private tracks: Record<Role, EndTracks> = { inmate: NO_TRACKS, visitor: NO_TRACKS };
  private heard = false;
  private pictures: PictureSize = "small";

  constructor(
    private current: WallCall,
    private readonly texts: Texts,
    private readonly makeEngine: MakeEngine,
    private readonly iceServers: RTCIceServer[],
    private readonly hooks: TileHooks,
  ) {
    this.element.dataset["testid"] = `tile-${current.ref}`;
    this.element.dataset["ref"] = current.ref;
    onClick(part("pictures", this.element), () => hooks.enlarge(current.ref));
    this.element.querySelectorAll<HTMLButtonElement>("[data-act]").forEach((button) => {
      onClick(button, () => hooks.act(this.current, button.dataset["act"] as TileAct));
    });
    onClick(part("more", this.element), () => this.showRare(!this.element.classList.contains("more-open")));
    this.element.addEventListener("click", (event) => {
      if ((event.target as HTMLElement).closest(".seldom") !== null) this.showRare(false);
    });
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.element.classList.contains("more-open")) return;
      this.showRare(false);
      part("more", this.element).focus();
    });
    this.update(current);
  }

  get call(): WallCall {
    return this.current;
  }

  get acts(): TileAct[] {
    return wordsOf(this.current, this.heard).acts;
  }

  update(call: WallCall): void {
    this.current = call;
    const door = call.state === "ended" ? null : call.door;
    if (door !== this.door) this.follow(door);
    this.render();
  }

  /** The call's sound on or off; only one tile is heard at a time, which the board sees to. */
  hear(on: boolean): void {
    this.heard = on && this.engine !== null;
    this.engine?.hear(this.heard);
    this.render();
  }

  showSpeaking(on: boolean): void {
    setPressed(part("act-speak", this.element), on);
    setText(part("speak-text", this.element), this.texts(on ? "hush" : "speak"));
    setData(this.element, "speaking", on ? "yes" : "no");
  }

  setSize(enlarged: boolean, pictures: PictureSize): void {
    this.element.classList.toggle("large", enlarged);
    this.pictures = pictures;
    this.engine?.setPictures(pictures);
  }

  picture(role: Role): MediaStream | null {
    const source = part<HTMLVideoElement>(`video-${role}`, this.element).srcObject;
    return source instanceof MediaStream ? source : null;
  }

  async startPlayback(): Promise<void> {
    await this.engine?.startPlayback();
  }

  rejoin(): void {
    this.engine?.rejoin();
  }

  /** Looks at the line, rejoins if it is dead; called twice a second. */
  async look(): Promise<void> {
    const sample = await this.engine?.sample();
    if (sample !== null && sample !== undefined) this.weigh(sample);
    const at = performance.now();
    ENDS.forEach((role) => this.stalls.note(role, this.totals.end(role), this.publishes(role), at));
    ENDS.forEach((role) => this.renderLine(role));
  }

  /** Nothing of anybody who publishes here comes any more. */
  get isStalled(): boolean {
    const due = this.engine === null ? [] : ENDS.filter((role) => this.publishes(role));
    return due.length > 0 && due.every((role) => this.stalls.isStalled(role, performance.now()));
  }

  private publishes(role: Role): boolean {
    return this.current.publishing[role].camera || this.current.publishing[role].microphone;
  }

  private weigh(sample: Sample): void {
    this.totals.add(sample);
    this.eye.hear(sample);
    const due = dueEnds(this.current).filter((role) => this.tracks[role].audio === "on");
    if (this.dog.check(sample, due)) this.engine?.rejoin();
  }

  /** What this end of the beat says; null while the call is not watched from here. */
  counters(): Record<Role, EndCounters> | null {
    if (this.engine === null) return null;
    return { inmate: this.totals.end("inmate"), visitor: this.totals.end("visitor") };
  }

  /** What was measured of both ends, for the task list; null when nothing was since the last beat. */
  hints(): Record<Role, Hint> | null {
    if (this.engine === null) return null;
    const { tracks } = this;
    const videoOf = (role: Role) => (tracks[role].video === "on" ? part<HTMLVideoElement>(`video-${role}`, this.element) : null);
    return this.eye.hints(videoOf, { inmate: tracks.inmate.audio !== "on", visitor: tracks.visitor.audio !== "on" });
  }

  remove(): void {
    this.follow(null);
    this.element.remove();
  }

  private follow(door: string | null): void {
    this.door = door;
    this.engine?.leave();
    this.engine = null;
    this.heard = false;
    this.tracks = { inmate: NO_TRACKS, visitor: NO_TRACKS };
    if (door === null) return;
    this.dog = new Watchdog(ENDS);
    this.stalls = new Stalls();
    this.engine = this.newEngine(door);
    for (const role of ENDS) {
      this.engine.show(role, { video: part(`video-${role}`, this.element), audio: part(`audio-${role}`, this.element) });
    }
    this.engine.setPictures(this.pictures);
    this.engine.join();
  }

  private newEngine(door: string): Engine {
    return this.makeEngine({
      door, iceServers: this.iceServers, profile: "watcher", media: { audio: null, video: null },
      events: {
        status: (status) => setData(this.element, "line", status),
        tracks: (end, tracks) => { this.tracks[end] = tracks; this.render(); },
        playbackBlocked: (blocked) => { if (blocked) this.hooks.playbackBlocked(); },
      },
    });
  }

  private render(): void {
    const { current: call, element } = this;
    const words = wordsOf(call, this.heard);
    setData(element, "tone", words.tone);
    setData(element, "state", call.state);
    setData(element, "floor", String(call.floor));
    setText(part("tile-state", element), this.texts(words.key, words.values));
    this.renderName("inmate", call.inmate.name, call.station);
    this.renderName("visitor", call.visitor.name, call.visitor.relation);
    setText(part("tile-time", element), this.timeText(call));
    this.renderFlags(call);
    element.setAttribute("aria-label", `${call.inmate.name}, ${call.visitor.name}, ${call.station}`);
    ENDS.forEach((role) => this.renderEnd(role));
    this.renderActs(words.acts);
  }

  private renderName(role: Role, name: string, rest: string): void {
    setText(part(`name-${role}`, this.element), name);
    setText(part(`rest-${role}`, this.element), rest);
  }

  private renderFlags(call: WallCall): void {
    const flags = marksOf(call).map((mark) => this.texts(mark) || mark).join(" · ");
    const line = part("tile-flags", this.element);
    setText(line, flags);
    line.title = flags; // in a small tile the end of the line is cut
  }

  private timeText(call: WallCall): string {
    if (call.remaining_s === null) return "";
    return call.remaining_s < 60 ? this.texts("tile_time_last") : countText(this.texts, "tile_time", minutesLeft(call.remaining_s));
  }

  private renderEnd(role: Role): void {
    const box = part(`end-${role}`, this.element);
    setData(box, "picture", this.tracks[role].video === "on" ? "yes" : "no");
    setText(part(`none-${role}`, this.element), this.texts(missingPicture(this.current, role)));
    const note = micNote(this.current, role, this.tracks[role].audio === "muted");
    setText(part(`silent-${role}`, this.element), this.texts(note));
    this.renderLine(role);
    setHidden(part(`silent-${role}`, this.element), this.engine === null || note === "");
  }

  /** What we see ourselves comes before what is said of it. */
  private renderLine(role: Role): void {
    const box = part(`line-${role}`, this.element);
    const line = this.stalls.isStalled(role, performance.now()) ? "lost" : this.current.lines[role];
    setText(box, this.texts(`line_${line}`));
    setData(box, "line", line);
    setHidden(box, !this.current.mine);
  }

  /** In a small tile the acts that are needed seldom wait behind one button, so that the pictures keep their room. */
  private showRare(open: boolean): void {
    this.element.classList.toggle("more-open", open);
    part("more", this.element).setAttribute("aria-expanded", String(open));
  }

  private renderActs(acts: TileAct[]): void {
    this.element.querySelectorAll<HTMLButtonElement>("[data-act]").forEach((button) => {
      setHidden(button, !acts.includes(button.dataset["act"] as TileAct));
    });
    setHidden(part("more", this.element), this.element.querySelector(".rare [data-act]:not([hidden])") === null);
    for (const role of ENDS) {
      const muted = this.current.muted[role];
      setPressed(part(`act-mute-${role}`, this.element), muted);
      setText(part(`mute-text-${role}`, this.element), this.texts(`${muted ? "unmute" : "mute"}_${role}`));
    }
    setPressed(part("act-listen", this.element), this.heard);
  }
}

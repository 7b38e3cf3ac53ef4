// The wall as a whole: tiles as the server lists them, one heard at a time, acts and their answers.

import { maybePart, part, setHidden, setText } from "../call/dom";
import type { MakeEngine, PictureSize } from "../call/engine";
import type { EndCounters, Hint, Role, WallCall, WallMessage, WallServerMessage } from "../call/messages";
import type { Texts, WallPageData } from "../call/page_data";
import { Acts, type Body } from "./acts";
import { AtOnce, sizeOf } from "./at_once";
import { askCount, askEnd, askExtension, askIdentity, askIncident, askNote, askSupport, askWarning } from "./dialogs";
import { Listening } from "./listening";
import { speakingAt, type Speaking } from "./microphone";
import { Tasks } from "./tasks";
import { Tile } from "./tile";
import { refusalToasts, toast } from "./toasts";
import type { TileAct } from "./words";

export class Board {
  private readonly tiles = new Map<string, Tile>();
  private readonly grid = part("tiles");
  readonly tilesAtOnce: AtOnce;
  readonly acts: Acts;
  private readonly tasks: Tasks;
  private readonly listening: Listening;
  private readonly speaking: Speaking;
  /** Hands one call to another officer (handover.ts). */
  handOver: (call: WallCall) => void = () => undefined;
  private large: string | null = null;
  private chosen: string | null = null;

  constructor(
    private readonly data: WallPageData,
    private readonly texts: Texts,
    private readonly makeEngine: MakeEngine,
    say: (message: WallMessage) => boolean,
  ) {
    this.acts = new Acts(data.act_url, data.csrf, say);
    this.tilesAtOnce = new AtOnce(data.facility, texts, this.grid, () => this.resize());
    this.listening = new Listening({
      send: (ref, act) => this.send({ ref }, act),
      sound: (ref) => this.sound(ref),
    });
    this.speaking = speakingAt(data, texts, (ref, act) => this.send({ ref }, act), (on) => this.tiles.forEach((tile, ref) => tile.showSpeaking(on(ref))));
    this.tasks = new Tasks({
      look: (ref) => this.choose(ref),
      take: (ref, task) => void this.send({ ref }, "take", { task }),
      done: (ref, task) => void this.send({ ref }, "done", { task }),
    }, texts);
  }

  show(message: Extract<WallServerMessage, { t: "wall" }>): void {
    const listed = new Set(message.calls.map((call) => call.ref));
    for (const [ref, tile] of this.tiles) if (!listed.has(ref)) this.drop(ref, tile);
    message.calls.forEach((call, index) => this.place(call, index));
    this.tasks.show(message.tasks);
    this.tilesAtOnce.show(this.tiles.size);
    this.speaking.follow(message.calls);
    setHidden(part("no-calls"), this.tiles.size > 0);
    const mine = message.calls.filter((call) => call.mine).length;
    setText(part("watching"), this.texts("watching", { count: mine, limit: this.data.limit }));
  }

  /** The room of a call was made again: whoever watches it comes in anew. */
  rejoin(ref: string): void {
    this.tiles.get(ref)?.rejoin();
  }

  counters(): Record<string, Record<Role, EndCounters>> {
    const all: Record<string, Record<Role, EndCounters>> = {};
    for (const [ref, tile] of this.tiles) {
      const counters = tile.counters();
      if (counters !== null) all[ref] = counters;
    }
    return all;
  }

  hints(): Record<string, Record<Role, Hint>> {
    const all: Record<string, Record<Role, Hint>> = {};
    for (const [ref, tile] of this.tiles) {
      const hints = tile.hints();
      if (hints !== null) all[ref] = hints;
    }
    return all;
  }

  focusTasks(): void {
    this.tasks.focus();
  }

  async look(): Promise<void> {
    await Promise.all([...this.tiles.values()].map((tile) => tile.look()));
  }

  /** Nothing comes of any call that is watched here: it is our own line that is gone. */
  get isCutOff(): boolean {
    const watched = [...this.tiles.values()].filter((tile) => tile.call.mine && tile.call.state !== "ended");
    return watched.length > 0 && watched.every((tile) => tile.isStalled);
  }

  /** Another wall of this account took over, or the page is left: nothing is watched from here any more. */
  close(): void {
    void this.speaking.stop();
    for (const [ref, tile] of this.tiles) this.drop(ref, tile);
  }

  get chosenTile(): Tile | null {
    const focused = document.activeElement?.closest<HTMLElement>("[data-ref]")?.dataset["ref"];
    return this.tiles.get(focused ?? this.chosen ?? "") ?? null;
  }

  chooseByIndex(index: number): void {
    const ref = (this.grid.querySelectorAll<HTMLElement>("[data-ref]")[index])?.dataset["ref"];
    if (ref !== undefined) this.choose(ref);
  }

  choose(ref: string): void {
    this.mark(ref);
    this.tiles.get(ref)?.element.focus();
  }

  /** Chosen without moving the focus: a clicked button keeps it. */
  private mark(ref: string): void {
    this.chosen = ref;
    for (const [each, tile] of this.tiles) tile.element.classList.toggle("chosen", each === ref);
  }

  toggleLarge(ref: string): void {
    this.large = this.large === ref ? null : ref;
    this.grid.classList.toggle("enlarged", this.large !== null);
    this.resize();
  }

  private resize(): void {
    for (const [each, tile] of this.tiles) {
      const enlarged = each === this.large;
      tile.setSize(enlarged, this.picturesOf(enlarged));
    }
  }

  /** Beside an enlarged tile the others are small, whatever was chosen. */
  private picturesOf(enlarged: boolean): PictureSize {
    return sizeOf(this.large === null ? this.tilesAtOnce.fit : 8, enlarged);
  }

  async act(call: WallCall, act: TileAct): Promise<void> {
    this.mark(call.ref);
    switch (act) {
      case "listen": return this.listening.toggle(call.ref);
      case "identity": return this.identity(call);
      case "warn": return this.warn(call);
      case "end": return this.end(call);
      case "note": return this.note(call);
      case "pause": return void this.send(call, "pause", { reason: this.data.pause_reasons[0]?.code ?? "" });
      case "mute-inmate": return this.mute(call, "inmate");
      case "mute-visitor": return this.mute(call, "visitor");
      case "extend": return this.extend(call);
      case "count": return this.count(call);
      case "incident": return this.incident(call);
      case "speak": return this.speaking.toggle(call);
      case "support": return this.support(call);
      case "handover": return this.handOver(call);
      case "unwatch": return this.unwatch(call);
      case "watch":
      case "resume": return void this.send(call, act);
    }
  }

  private place(call: WallCall, index: number): void {
    const known = this.tiles.get(call.ref);
    if (known !== undefined) known.update(call);
    const tile = known ?? this.add(call);
    if (this.grid.children[index] !== tile.element) this.grid.insertBefore(tile.element, this.grid.children[index] ?? null);
    this.listening.told(call.ref, call.mine, call.sign);
  }

  private add(call: WallCall): Tile {
    const tile = new Tile(call, this.texts, this.makeEngine, this.data.iceServers, {
      act: (current, act) => void this.act(current, act),
      enlarge: (ref) => this.toggleLarge(ref),
      playbackBlocked: () => setHidden(part("tap-to-hear"), false),
    });
    this.tiles.set(call.ref, tile);
    tile.setSize(false, this.picturesOf(false));
    // this page has only begun, so it hears nobody: an "is listening" left from the page before would be untrue
    if (call.mine && call.sign === "listening") void this.acts.send(call.ref, "unlisten");
    return tile;
  }

  private drop(ref: string, tile: Tile): void {
    this.listening.gone(ref);
    if (this.large === ref) this.toggleLarge(ref);
    tile.remove();
    this.tiles.delete(ref);
  }

  private sound(ref: string | null): void {
    for (const [each, tile] of this.tiles) tile.hear(each === ref);
    setHidden(part("tap-to-hear"), true);
  }

  async startPlayback(): Promise<void> {
    setHidden(part("tap-to-hear"), true);
    await this.tiles.get(this.listening.ref ?? "")?.startPlayback();
  }

  private async unwatch(call: WallCall): Promise<void> {
    this.listening.gone(call.ref);
    await this.send(call, "unwatch");
  }

  private async extend(call: WallCall): Promise<void> {
    const choice = await askExtension(call, this.data);
    if (choice !== null && (await this.send(call, "extend", { ...choice }))) toast(this.texts("extended", { minutes: choice.minutes }));
  }

  private async count(call: WallCall): Promise<void> {
    const count = await askCount(call, this.texts);
    if (count !== null && (await this.send(call, "count_people", { count }))) {
      toast(this.texts(count === call.people.booked ? "count_fits" : "count_differs", { count, booked: call.people.booked }));
    }
  }

  private async incident(call: WallCall): Promise<void> {
    const choice = await askIncident(call, this.data.incidents);
    if (choice !== null && (await this.send(call, "incident", { ...choice }))) toast(this.texts("incident_kept"));
  }

  private async support(call: WallCall): Promise<void> {
    const text = await askSupport(call);
    if (text !== null && (await this.send(call, "support", { text }))) toast(this.texts("support_sent"));
  }

  private async mute(call: WallCall, side: Role): Promise<void> {
    await this.send(call, call.muted[side] ? "unmute" : "mute", { side });
  }

  private async identity(call: WallCall): Promise<void> {
    const tile = this.tiles.get(call.ref);
    const choice = tile === undefined ? null : await askIdentity(tile, this.data, this.texts, (asked) => void this.speaking.toggle(asked));
    await this.speaking.stop(); // what was meant for the family must not reach the other side by an open microphone
    if (choice === null) return;
    await (choice.admit ? this.send(call, "admit") : this.send(call, "refuse", { reason: choice.reason }));
  }

  private async warn(call: WallCall): Promise<void> {
    const choice = await askWarning(call, this.data.warnings);
    if (choice !== null && (await this.send(call, "warn", { ...choice }))) toast(this.texts("warned"));
  }

  private async end(call: WallCall): Promise<void> {
    const choice = await askEnd(call, this.data.end_reasons);
    if (choice !== null) await this.send(call, "end", { ...choice });
  }

  private async note(call: WallCall): Promise<void> {
    const text = await askNote(call);
    if (text !== null && (await this.send(call, "note", { text }))) toast(this.texts("noted"));
  }

  private async send(call: Pick<WallCall, "ref">, act: string, body: Body = {}): Promise<boolean> {
    return this.answer(this.acts.send(call.ref, act, body));
  }

  private async answer(sent: ReturnType<Acts["send"]>): Promise<boolean> {
    const answer = await sent;
    if (answer === null) toast(this.texts("no_answer"), this.texts("no_answer_next"), true);
    else refusalToasts(answer.ok ? [] : answer.refusals);
    if (answer?.ok === true && !answer.recorded) toast(this.texts("not_recorded"), this.texts("not_recorded_next"), true);
    return answer?.ok === true;
  }

  /** The officer says that they are still watching. */
  attend(body: Body): Promise<boolean> {
    return this.dutyAnswer(this.data.attention_url, body);
  }

  /** Something of the officer's own: a shift begins or ends. */
  dutyAnswer(url: string, body: Body): Promise<boolean> {
    return this.answer(this.acts.post(url, body));
  }

  showReplaced(): void {
    this.close();
    maybePart<HTMLDialogElement>("replaced-dialog")?.showModal();
  }
}

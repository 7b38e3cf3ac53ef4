// The supervisor's wall.

import { keepAwake } from "../call/awake";
import { Control, socketUrl } from "../call/control";
import { onClick, part, setHidden, setPressed, setText } from "../call/dom";
import { chooseEngine } from "../call/engine";
import { LiveKitEngine } from "../call/engine_livekit";
import { StubEngine } from "../call/engine_stub";
import { SAY_LOST_AFTER } from "../call/machine";
import type { WallMessage, WallServerMessage } from "../call/messages";
import { readPageData, readTexts, type WallPageData } from "../call/page_data";
import { Acts } from "../wall/acts";
import { AttentionBanner } from "../wall/attention";
import { Board } from "../wall/board";
import { wireDialogs } from "../wall/dialogs";
import { Handovers } from "../wall/handover";
import { JustEnded } from "../wall/just_ended";
import { ShiftBar } from "../wall/shift";
import { StopAll } from "../wall/stop_all";
import { isForUs, wishOf } from "../wall/keys";

const LOOK = 500;

const data = readPageData<WallPageData>();
const texts = readTexts();
const engine = chooseEngine(data.media, (options) => new LiveKitEngine(options), (options) => new StubEngine(options));
const board: Board = new Board(data, texts, engine, (message): boolean => control.send(message));
const attention = new AttentionBanner(texts, (body) => board.attend(body));
const shift = new ShiftBar(texts, data.zone, (what, body) => board.dutyAnswer(what === "start" ? data.shift_start_url : data.shift_end_url, body));
const handovers = new Handovers(texts, (step, body) => board.dutyAnswer(data.handover_url.replace("{what}", step), body));
const justEnded = new JustEnded(data.ended_url, (url, body) => board.dutyAnswer(url, body));
board.handOver = (call) => void handovers.offer(call);
let lostTimer: ReturnType<typeof setTimeout> | undefined;
let controlLost = false;
let keysOn = true;

const control = new Control<WallServerMessage, WallMessage>({
  url: socketUrl(data.control),
  hello: (gen) => ({ t: "hello", gen }),
  beat: (gen) => ({ t: "beat", gen, visible: document.visibilityState === "visible", calls: board.counters(), hints: board.hints() }),
  onMessage: hear,
  onOpen: () => { clearTimeout(lostTimer); controlLost = false; showLost(); },
  onClose: () => { lostTimer = setTimeout(() => { controlLost = true; showLost(); }, SAY_LOST_AFTER); },
  onReplaced: replaced,
});

const stopAll = new StopAll(data, texts, new Acts(data.act_url, data.csrf), (message) => control.send(message));

function hear(message: WallServerMessage): void {
  if (message.t === "acted") return board.acts.acted(message);
  if (message.t === "rejoin") return board.rejoin(message.call);
  if (message.t === "replaced") return replaced();
  board.show(message);
  justEnded.show(message.calls);
  stopAll.show(message.stopped);
  attention.show(message.attention);
  shift.show(message.shift, message.on_duty);
  handovers.show(message.offers, message.on_duty, message.calls.filter((call) => call.mine).length);
}

/** A socket of a line that was cut stands for long: that nothing comes says it sooner. */
function showLost(): void {
  setHidden(part("lost"), !controlLost && !board.isCutOff);
}

function replaced(): void {
  control.stop();
  board.showReplaced();
}

function onKey(event: KeyboardEvent): void {
  if (!keysOn || !isForUs(event, document.querySelector("dialog[open]") !== null)) return;
  const tile = board.chosenTile;
  const wish = wishOf(event.key, tile?.acts ?? []);
  if (wish === null) return;
  event.preventDefault();
  if (wish.kind === "choose") board.chooseByIndex(wish.index);
  else if (wish.kind === "attention") void attention.tap();
  else if (wish.kind === "tasks") board.focusTasks();
  else if (wish.kind === "tiles") board.tilesAtOnce.next();
  else if (tile !== null && wish.kind === "enlarge") board.toggleLarge(tile.call.ref);
  else if (tile !== null && wish.kind === "act") void board.act(tile.call, wish.act);
}

function toggleKeys(): void {
  keysOn = !keysOn;
  setPressed(part("keys"), keysOn);
  setText(part("keys-text"), texts(keysOn ? "keys_on" : "keys_off"));
}

wireDialogs();
stopAll.wire();
keepAwake();
document.addEventListener("keydown", onKey);
onClick(part("keys"), toggleKeys);
onClick(part("tap-to-hear"), () => void board.startPlayback());
onClick(part("use-here"), () => location.reload());
window.addEventListener("online", () => control.retryNow());
setInterval(() => void board.look().then(showLost), LOOK);
control.start();

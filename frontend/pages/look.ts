// The head of prison looks at a call: both pictures, sound after a tap. Sends nothing at all but its first word.

import { keepAwake } from "../call/awake";
import { Control, socketUrl } from "../call/control";
import { onClick, part, setData, setHidden, setPressed, setText } from "../call/dom";
import { chooseEngine, type Engine, type EngineStatus, type EndTracks, NO_TRACKS } from "../call/engine";
import { LiveKitEngine } from "../call/engine_livekit";
import { StubEngine } from "../call/engine_stub";
import { minutesLeft, SAY_LOST_AFTER } from "../call/machine";
import type { LookCall, LookMessage, LookServerMessage, Role } from "../call/messages";
import { countText, readPageData, readTexts, type LookPageData } from "../call/page_data";
import { Watchdog } from "../call/watchdog";

/** How often the line is looked at. Milliseconds. */
const LOOK = 500;
const ENDS = ["inmate", "visitor"] as const;
const data = readPageData<LookPageData>();
const texts = readTexts();
const makeEngine = chooseEngine(data.media, (options) => new LiveKitEngine(options), (options) => new StubEngine(options));
const tracks: Record<Role, EndTracks> = { inmate: NO_TRACKS, visitor: NO_TRACKS };
const dog = new Watchdog(ENDS);
let engine: Engine | null = null;
let call: LookCall | null = null;
let heard = false;
let over = "";
let lost = false;
let media: EngineStatus = "joining";
let stalled = false;
let lostTimer: ReturnType<typeof setTimeout> | undefined;

const control = new Control<LookServerMessage, LookMessage>({
  url: socketUrl(data.control),
  hello: (gen) => ({ t: "hello", gen }),
  beat: () => null,
  onMessage: hear,
  onOpen: () => { clearTimeout(lostTimer); lost = false; render(); },
  onClose: () => { lostTimer = setTimeout(() => { lost = true; render(); }, SAY_LOST_AFTER); },
  onReplaced: () => finish("replaced"),
});

function hear(message: LookServerMessage): void {
  switch (message.t) {
    case "look": call = message.call; if (call.state === "ended") finish("ended"); return render();
    case "rejoin": return engine?.rejoin();
    case "ended": return finish("ended");
    case "replaced": return finish("replaced");
  }
}

function join(): void {
  engine = makeEngine({
    door: data.door, iceServers: data.iceServers, profile: "watcher", media: { audio: null, video: null },
    events: {
      status: (status) => { media = status; render(); },
      tracks: (end, found) => { tracks[end] = found; render(); },
      playbackBlocked: (blocked) => { if (blocked) setSound(false); },
    },
  });
  for (const role of ENDS) engine.show(role, { video: part(`video-${role}`), audio: part(`audio-${role}`) });
  engine.setPictures("large");
  engine.join();
}

function setSound(on: boolean): void {
  heard = on;
  engine?.hear(on);
  if (on) void engine?.startPlayback();
  setPressed(part("look-sound"), on);
}

function finish(why: "ended" | "replaced"): void {
  if (over !== "") return;
  over = why;
  control.stop();
  engine?.leave();
  for (const role of ENDS) tracks[role] = NO_TRACKS;
  render();
}

function stateOf(): string {
  if (over !== "") return over;
  if (lost || stalled || media === "lost") return "lost";
  if (call === null) return "connecting";
  if (call.state !== "live") return call.state;
  if (media !== "joined") return "connecting";
  return call.floor ? "live" : "paused";
}

function render(): void {
  const state = stateOf();
  setData(part("look"), "state", state);
  setText(part("look-text"), texts(state));
  setHidden(part("look-back"), over === "");
  for (const role of ENDS) renderEnd(role, state);
  if (call === null) return;
  setText(part("look-about"), `${call.inmate} · ${call.visitor}, ${call.relation} · ${call.station}`);
  setText(part("look-officers"), call.watched_by.length > 0 ? texts("officers", { who: call.watched_by.join(", ") }) : texts("no_officer"));
  setText(part("look-time"), call.remaining_s === null || over !== "" ? "" : countText(texts, "time", minutesLeft(call.remaining_s)));
}

function renderEnd(role: Role, state: string): void {
  const shown = state === "live" && tracks[role].video === "on";
  setData(part(`end-${role}`), "picture", shown ? "yes" : "no");
  setHidden(part(`video-${role}`), !shown);
  setText(part(`none-${role}`), texts("picture_none"));
  const muted = call?.muted[role] ?? false;
  setText(part(`silent-${role}`), texts("mic_off_by_officer"));
  setHidden(part(`silent-${role}`), !muted);
}

/** A picture that stands still must not be taken for the call: looked at twice a second, as at the wall. */
async function look(): Promise<void> {
  const sample = await engine?.sample();
  if (sample === null || sample === undefined || over !== "") return;
  const due = call?.floor === true ? ENDS.filter((role) => tracks[role].audio === "on") : [];
  if (dog.check(sample, due)) engine?.rejoin();
  const silent = dog.silentFor >= SAY_LOST_AFTER;
  if (silent !== stalled) { stalled = silent; render(); }
}

onClick(part("look-sound"), () => setSound(!heard));
window.addEventListener("online", () => control.retryNow());
keepAwake();
join();
control.start();
setInterval(() => void look(), LOOK);

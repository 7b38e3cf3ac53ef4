// The state of a call's page: a pure function of what is known. The words are those of flow/live
// (prepared, live, ended, holds); the rest is what only a page can know: devices, line, supervision.

import type { CallFacts, EndedMessage, Hold } from "./messages";

export type PageState =
  | "connecting"      // nothing known yet
  | "waiting"         // prepared; somebody is still missing
  | "identity_check"  // an officer sees us, the other side does not yet
  | "live"            // floor open
  | "paused"          // live, floor closed by a hold
  | "reconnecting"    // our line is gone for at least two seconds
  | "unsupervised"    // station: no signed sign of supervision
  | "blocked"         // camera or microphone refused, missing or busy
  | "ended"
  | "replaced";       // this person opened the call elsewhere

export type Devices = "unknown" | "ready" | "refused" | "missing" | "busy" | "insecure";

export interface Facts {
  devices: Devices;
  /** Monotonic milliseconds since which control or media is gone; null while there. */
  controlLostAt: number | null;
  mediaLostAt: number | null;
  joined: boolean;
  call: CallFacts | null;
  /** When `call` came, monotonic. */
  callAt: number;
  seq: number;
  supervised: boolean;
  ended: Omit<EndedMessage, "t"> | null;
  replaced: string | null;
}

export type Happening =
  | { kind: "devices"; devices: Devices }
  | { kind: "control"; open: boolean; at: number }
  | { kind: "media"; joined: boolean; at: number }
  | { kind: "state"; seq: number; call: CallFacts; at: number }
  | { kind: "supervised"; fresh: boolean }
  | { kind: "ended"; ended: Omit<EndedMessage, "t"> }
  | { kind: "replaced"; message: string };

/** A lost line is said after this long, so that the words stand within two seconds; shorter gaps heal unseen. Milliseconds. */
export const SAY_LOST_AFTER = 1700;

export const NOTHING_KNOWN: Facts = {
  devices: "unknown", controlLostAt: null, mediaLostAt: null, joined: false, call: null, callAt: 0, seq: -1,
  supervised: true, ended: null, replaced: null,
};

export function learn(facts: Facts, news: Happening): Facts {
  switch (news.kind) {
    case "devices": return { ...facts, devices: news.devices };
    case "control": return { ...facts, controlLostAt: news.open ? null : (facts.controlLostAt ?? news.at) };
    case "media": return learnMedia(facts, news.joined, news.at);
    case "state": return learnState(facts, news);
    case "supervised": return { ...facts, supervised: news.fresh };
    case "ended": return { ...facts, ended: news.ended };
    case "replaced": return { ...facts, replaced: news.message };
  }
}

function learnMedia(facts: Facts, joined: boolean, at: number): Facts {
  if (joined) return { ...facts, joined: true, mediaLostAt: null };
  // before the first join there is nothing to lose
  return { ...facts, mediaLostAt: facts.joined ? (facts.mediaLostAt ?? at) : null };
}

function learnState(facts: Facts, news: Extract<Happening, { kind: "state" }>): Facts {
  // a late old message must not undo a newer one; a new socket counts from its own start
  if (news.seq <= facts.seq && news.call.now <= (facts.call?.now ?? 0)) return facts;
  return { ...facts, call: news.call, callAt: news.at, seq: news.seq };
}

export function stateOf(facts: Facts, at: number): PageState {
  if (facts.replaced !== null) return "replaced";
  if (facts.ended !== null || facts.call?.state === "ended") return "ended";
  if (isBlocked(facts.devices)) return "blocked";
  // fallen silent is the more serious news: our own line may be only one of its causes
  if (facts.call?.state === "live" && facts.call.floor && !facts.supervised) return "unsupervised";
  if (lostFor(facts, at) >= SAY_LOST_AFTER) return "reconnecting";
  return facts.call === null ? "connecting" : stateOfCall(facts.call);
}

function stateOfCall(call: CallFacts): PageState {
  if (call.state === "prepared") return call.sign === "looking" ? "identity_check" : "waiting";
  if (call.holds.includes("identity")) return "identity_check";
  return call.floor ? "live" : "paused";
}

function isBlocked(devices: Devices): boolean {
  return devices !== "unknown" && devices !== "ready";
}

/** Milliseconds our line has been gone, 0 while both sockets and media are there. */
export function lostFor(facts: Facts, at: number): number {
  const since = [facts.controlLostAt, facts.mediaLostAt].filter((each): each is number => each !== null);
  return since.length === 0 ? 0 : at - Math.min(...since);
}

/** The pictures and sounds of the other side may be shown. */
export function mayPlay(facts: Facts, at: number): boolean {
  const state = stateOf(facts, at);
  // a short gap does not black the picture out: media may well go on while a socket is renewed
  return state === "live" || (state === "reconnecting" && facts.supervised && facts.call?.floor === true);
}

/**
 * Station: nothing may be sent or played. Without a fresh sign of supervision it falls silent, except while the server
 * itself says, on a living socket, that the floor is closed: then only an officer can receive us, and must, or the
 * supervision that lifts the silence could never begin.
 */
export function mustBeSilent(facts: Facts): boolean {
  const closedByServer = facts.controlLostAt === null && facts.call !== null && !facts.call.floor;
  return !facts.supervised && !closedByServer;
}

/** Seconds left, counted on from the server's last word while the floor is open. */
export function secondsLeft(facts: Facts, at: number): number | null {
  const call = facts.call;
  if (call === null || call.remaining_s === null) return null;
  const running = call.state === "live" && call.floor && lostFor(facts, at) < SAY_LOST_AFTER;
  return Math.max(0, call.remaining_s - (running ? (at - facts.callAt) / 1000 : 0));
}

/** Whole minutes as people say them: "Sisa 11 menit" while more than ten are left. */
export function minutesLeft(seconds: number): number {
  return Math.ceil(seconds / 60);
}

/** The hold a person should read about, when there are several: the one an officer chose comes first. */
export function leadingHold(holds: Hold[]): Hold | null {
  const order: Hold[] = ["supervisor", "no_supervisor", "technical", "recorder", "identity"];
  return order.find((each) => holds.includes(each)) ?? null;
}

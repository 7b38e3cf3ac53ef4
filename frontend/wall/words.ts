// What a tile says and which buttons it offers: pure, from the call as the server tells it.

import type { Role, WallCall } from "../call/messages";

export type Tone = "plain" | "heard" | "check" | "paused" | "alarm";
export type TileAct = "watch" | "unwatch" | "listen" | "speak" | "identity" | "warn" | "pause" | "resume" | "mute-inmate" | "mute-visitor" | "extend" | "count" | "incident" | "support" | "note" | "handover" | "end";

export interface TileWords {
  /** Key of a sentence in the page's texts, with what to fill in. */
  key: string;
  values: Record<string, string>;
  tone: Tone;
  acts: TileAct[];
}

export function wordsOf(call: WallCall, heard: boolean): TileWords {
  if (!call.mine) return unwatched(call);
  const acts = actsOf(call);
  if (call.state === "ended") return { key: "tile_ended", values: {}, tone: "plain", acts: ["unwatch"] };
  if (call.second_needed) return { key: "tile_two_needed", values: {}, tone: "alarm", acts };
  if (needsIdentity(call)) return { key: "tile_identity", values: {}, tone: "check", acts };
  if (call.state === "prepared") return { key: missingOf(call), values: {}, tone: "plain", acts };
  if (!call.floor) return { key: `tile_paused_${firstHold(call)}`, values: {}, tone: "paused", acts };
  return heard ? { key: "tile_heard", values: {}, tone: "heard", acts } : { key: "tile_live", values: {}, tone: "plain", acts };
}

function unwatched(call: WallCall): TileWords {
  if (call.second_needed) return { key: "tile_two_needed", values: {}, tone: "alarm", acts: ["watch"] };
  if (call.watched_by.length > 0) {
    return { key: "tile_watched_by", values: { who: call.watched_by.join(", ") }, tone: "plain", acts: ["watch"] };
  }
  const urgent = call.state === "live" || bothReady(call);
  return { key: "tile_unwatched", values: {}, tone: urgent ? "alarm" : "plain", acts: ["watch"] };
}

function actsOf(call: WallCall): TileAct[] {
  if (call.state === "prepared" || call.holds.includes("identity")) return ["identity", "speak", "count", "incident", "support", "note", "handover", "end", "unwatch"];
  const pause: TileAct = call.holds.includes("supervisor") ? "resume" : "pause";
  return ["listen", "speak", "warn", pause, "mute-inmate", "mute-visitor", "extend", "count", "incident", "support", "note", "handover", "end", "unwatch"];
}

/** Both ends are there and nobody was admitted yet. */
export function needsIdentity(call: WallCall): boolean {
  return call.holds.includes("identity") || (call.state === "prepared" && bothReady(call));
}

function bothReady(call: WallCall): boolean {
  return call.attendance.inmate === "ready" && call.attendance.visitor === "ready";
}

function missingOf(call: WallCall): string {
  const missing = (["visitor", "inmate"] as const).filter((role) => call.attendance[role] !== "ready");
  return missing.length === 1 ? `tile_waiting_${missing[0] ?? ""}` : "tile_waiting_both";
}

function firstHold(call: WallCall): string {
  return ["supervisor", "no_supervisor", "technical", "recorder"].find((hold) => (call.holds as string[]).includes(hold)) ?? "technical";
}

/** What stands where an end's picture is missing. */
export function missingPicture(call: WallCall, role: Role): string {
  if (!call.mine) return "picture_unwatched";
  if (call.attendance[role] === "absent" || call.attendance[role] === "expected") return `picture_absent_${role}`;
  return call.publishing[role].camera ? "picture_coming" : "picture_off";
}

/** Ends whose sound must be flowing to us, if the server is right about what they publish, and whose line is not cut. */
export function dueEnds(call: WallCall): Role[] {
  return (["inmate", "visitor"] as const).filter((role) => call.publishing[role].microphone && call.lines[role] !== "lost");
}

/** Short words of a tile: what is asked for now, then what is known of the visit. Keys of the page's texts. */
export function marksOf(call: WallCall): string[] {
  return [...call.flags.map((flag) => `flag_${flag}`), ...call.marks.map((mark) => `mark_${mark}`)];
}

/** What stands beside an end whose microphone is off: turned off by an officer is said only once the server shows none. */
export function micNote(call: WallCall, role: Role, silent: boolean): string {
  if (call.muted[role]) return call.publishing[role].microphone ? "mic_going_off" : "mic_off_by_officer";
  return silent ? "mic_off" : "";
}

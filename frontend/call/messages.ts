// What travels over the control socket, exactly as the server says it: one JSON object a message, told apart by `t`.

export type Role = "visitor" | "inmate";
export type Hold = "identity" | "supervisor" | "no_supervisor" | "recorder" | "technical";
export type Sign = "none" | "looking" | "watching" | "listening";
export type Presence = "absent" | "present" | "ready";

/** The call as the server sees it for one party. Times are server milliseconds, `remaining_s` is what is left. */
export interface CallFacts {
  ref: string;
  state: "prepared" | "live" | "ended";
  holds: Hold[];
  floor: boolean;
  now: number;
  ends_at: number | null;
  remaining_s: number | null;
  role: Role;
  other: { label: string; state: Presence };
  sign: Sign;
  /** The head of prison sees and hears as well. */
  onlooker: boolean;
  outcome: string | null;
  message: string | null;
  /** Whose microphone an officer turned off, in words for this party. */
  muted: string | null;
  /** An officer speaks: in words, and where to hear it; `door` is null for whom it is not meant. */
  voice: { text: string; door: string | null } | null;
  door: string;
}

export interface SignMessage { t: "sign"; call: string; n: number; until: number; sig: string }
export interface WarningMessage { t: "warning"; id: string; code: string; text: string; formal: boolean; for: "both" | Role }
export interface EndedMessage {
  t: "ended"; outcome: string | null; message: string | null; next_url: string | null;
  /** Not over: the visit begins later, and the page goes back to where one waits for it. */
  put_off?: boolean;
}

export type ServerMessage =
  | { t: "state"; seq: number; call: CallFacts }
  | SignMessage
  | WarningMessage
  | { t: "reminder_minutes"; minutes: number; text: string }
  | { t: "rejoin" }
  | EndedMessage
  | { t: "replaced"; message: string | null };

/** Cumulative since the page was opened; never goes back, also not over a rejoin. */
export interface Counters { audio: number; video: number }

export interface QualityReport {
  line: "good" | "weak" | "bad" | "unknown";
  rtt_ms: number | null;
  concealed: number | null;
  loss: number | null;
  fps: number | null;
  /** Of what is heard and seen of the other side; the picture in pixels. */
  jitter_ms: number | null;
  width: number | null;
  height: number | null;
  bytes: number;
}

export type PartyMessage =
  | { t: "hello"; gen: number }
  | { t: "beat"; gen: number; visible: boolean; sent: Counters; received: Counters; quality: QualityReport }
  | { t: "help" }
  | { t: "leave" }
  | { t: "end" };

export interface WallEnd { camera: boolean; microphone: boolean }

/** One tile. `door` is null until this officer watches the call. */
export interface WallCall {
  ref: string;
  state: CallFacts["state"];
  holds: Hold[];
  floor: boolean;
  sign: Sign;
  remaining_s: number | null;
  ends_at: number | null;
  station: string;
  inmate: { name: string };
  visitor: { name: string; relation: string };
  attendance: Record<Role, string>;
  participation: string | null;
  door: string | null;
  flags: string[];
  /** What an officer should know of the visit: sensitive, first_call, child. */
  marks: string[];
  /** Somebody watches, and a second officer has to. */
  second_needed: boolean;
  /** On the visitor's side: how many were booked, and how many an officer counted. */
  people: { booked: number; counted: number | null };
  watched_by: string[];
  mine: boolean;
  publishing: Record<Role, WallEnd>;
  /** How good each end finds its own line; "lost": nothing comes from there any more, although its sockets stand. */
  lines: Record<Role, QualityReport["line"] | "lost">;
  /** Turned off by an officer; `publishing` says whether the media server shows it off by now. */
  muted: Record<Role, boolean>;
  /** Who speaks into this call: this officer, another one, nobody. */
  speaks: "" | "me" | "other";
}

/** A line of the task list. `title` and `detail` come translated; `call` says which tile it is about. */
export interface WallTask {
  id: string;
  kind: string;
  title: string;
  detail: string;
  urgency: "high" | "normal" | "low";
  call: string | null;
  /** Code of the officer who took it; `mine`: that is the reader. */
  owner: string | null;
  mine: boolean;
  /** Code of the officer whose word ended it while its cause goes on. */
  done_by: string | null;
  can_take: boolean;
  can_finish: boolean;
}

/** Whether this officer is asked to show that they are there; null while they watch nothing. */
export interface Attention { state: "calm" | "asked" | "missed"; left_s: number }

/** Since when somebody is on duty, in milliseconds; `wall` names their computer where it has a name. */
export interface Shift { since: number; wall: string }
/** `here`: a wall of theirs is open; `calls`: how many they watch. */
export interface OnDuty extends Shift { code: string; here: boolean; calls: number }
/** Calls that one officer hands to another. `mine`: this officer hands them over; `accepted`: the other has said yes. */
export interface Offer {
  by: string; to: string; mine: boolean; accepted: boolean; calls: { ref: string; station: string; inmate: string }[];
}

export type WallServerMessage =
  | ActedMessage
  | { t: "rejoin"; call: string }
  | {
    t: "wall"; now: number; calls: WallCall[]; tasks: WallTask[]; attention: Attention | null; stopped: number[];
    shift: Shift | null; on_duty: OnDuty[]; offers: Offer[];
  }
  | { t: "replaced"; message?: string | null };

/** What was measured of one end: light, contrast, motion of 255, sound of 1; null when there was nothing to measure. */
export interface Hint { light: number | null; contrast: number | null; motion: number | null; sound: number | null }

/** The answer to a closing act that came over the line; `key` is the act's own. */
export interface ActedMessage {
  t: "acted";
  key: string;
  ok: boolean;
  recorded?: boolean;
  refusals?: { code: string; sentence: string; next: string | null }[];
}

export interface EndCounters { frames: number; audio: number }

export type WallMessage =
  | { t: "hello"; gen: number }
  | { t: "stop_all"; facility: number }
  | { t: "act"; act: string; call: string; body: Record<string, string | boolean | number> }
  | {
    t: "beat"; gen: number; visible: boolean; calls: Record<string, Record<Role, EndCounters>>;
    hints: Record<string, Record<Role, Hint>>;
  };

/** The call for the head of prison, who looks on. */
export interface LookCall {
  ref: string;
  state: CallFacts["state"];
  floor: boolean;
  remaining_s: number | null;
  station: string;
  inmate: string;
  visitor: string;
  relation: string;
  watched_by: string[];
  muted: Record<Role, boolean>;
}

export type LookServerMessage =
  | { t: "look"; seq: number; call: LookCall }
  | { t: "rejoin" }
  | EndedMessage
  | { t: "replaced"; message: string | null };

/** Whoever looks on says nothing but who they are. */
export type LookMessage = { t: "hello"; gen: number };

// What a call looks like: takes the view of the session, writes it into the template's parts. Visitor and station.

import { maybePart, part, setData, setHidden, setPressed, setText } from "./dom";
import { leadingHold, type PageState } from "./machine";
import type { CallFacts } from "./messages";
import { countText, type Texts } from "./page_data";
import type { CallView } from "./session";

/** Nothing goes on here: signs and clock of the call would mislead. */
const OVER: ReadonlySet<PageState> = new Set(["ended", "replaced", "blocked"]);

/** From here on the time left is shown as near its end. Minutes. */
const NEAR = 5;

export class StageView {
  readonly stage = part("stage");
  readonly remoteVideo = part<HTMLVideoElement>("remote-video");
  readonly remoteAudio = part<HTMLAudioElement>("remote-audio");
  readonly ownVideo = part<HTMLVideoElement>("own-video");

  constructor(private readonly texts: Texts) {
    this.remoteVideo.addEventListener("resize", () => {
      setData(this.remoteVideo, "shape", this.remoteVideo.videoHeight > this.remoteVideo.videoWidth ? "tall" : "wide");
    });
  }

  showOwn(video: MediaStreamTrack | null): void {
    const stream = video === null ? null : new MediaStream([video]);
    this.ownVideo.srcObject = stream;
    if (stream !== null) void this.ownVideo.play().catch(() => undefined);
  }

  render(view: CallView): void {
    setData(this.stage, "state", view.state);
    this.renderStatus(view);
    this.renderSign(view);
    this.renderTime(view);
    this.renderLine(view);
    this.renderParties(view.facts.call);
    this.renderControls(view);
  }

  announce(text: string): void {
    setText(part("announce"), text);
  }

  private renderStatus(view: CallView): void {
    const key = statusKey(view);
    setText(part("status-title"), this.texts(key));
    setText(part("status-text"), messageOf(view) || this.texts(`${key}_text`));
    setHidden(maybePart("retry-devices"), view.state !== "blocked");
    setHidden(maybePart("next"), view.state !== "ended");
    setHidden(maybePart("use-here"), view.state !== "replaced");
    setHidden(maybePart("parties"), view.state !== "waiting" && view.state !== "identity_check");
  }

  private renderSign(view: CallView): void {
    const sign = view.facts.call?.sign ?? "none";
    const pill = part("sign");
    setData(pill, "sign", sign);
    const head = view.facts.call?.onlooker === true ? ` · ${this.texts("sign_head")}` : "";
    setData(pill, "onlooker", head === "" ? "no" : "yes");
    setText(part("sign-text"), this.texts(`sign_${sign}`) + head);
    // once our line is gone or the call is over, what was true is no longer known
    setHidden(pill, view.facts.call === null || OVER.has(view.state) || view.state === "reconnecting" || view.state === "unsupervised");
  }

  private renderTime(view: CallView): void {
    const box = part("time-left");
    setHidden(box, view.minutes === null || OVER.has(view.state));
    if (view.seconds === null || view.minutes === null) return;
    setText(part("time-text"), view.seconds < 60 ? this.texts("time_last") : countText(this.texts, "time", view.minutes));
    setData(box, "near", view.minutes <= NEAR ? "soon" : "");
    const bar = maybePart<HTMLProgressElement>("time-bar");
    if (bar !== null) bar.value = view.seconds;
    if (bar !== null && view.seconds > bar.max) bar.max = view.seconds;
  }

  private renderLine(view: CallView): void {
    const { line, bytes } = view.quality;
    const pill = part("line");
    const lowered = view.mode === "normal" ? "" : `_${view.mode}`;
    const worth = view.state === "live" && (line === "weak" || line === "bad");
    setText(part("line-text"), view.playbackBlocked ? "" : this.texts(`line_${line}${lowered}`) || this.texts(`line_${line}`));
    setHidden(pill, !worth);
    setData(this.stage, "line", line);
    setText(maybePart("data-used"), this.texts("data_used", { mb: Math.round(bytes / 1_000_000) }));
  }

  private renderParties(call: CallFacts | null): void {
    if (call === null) return;
    setText(maybePart("other-name"), call.other.label);
    setText(maybePart("voice"), call.voice?.text ?? "");
    setHidden(maybePart("voice"), call.voice === null || call.state === "ended");
    setText(maybePart("muted"), call.muted ?? "");
    setHidden(maybePart("muted"), call.muted === null || call.state === "ended");
    setText(maybePart("party-name"), call.other.label);
    setText(maybePart("party-state"), this.texts(`party_${call.other.state}`));
    setText(maybePart("officer-state"), this.texts(call.sign === "none" ? "officer_absent" : "officer_present"));
  }

  private renderControls(view: CallView): void {
    setPressed(maybePart("mute"), !view.microphone);
    setText(maybePart("mute-text"), this.texts(view.microphone ? "mute" : "unmute"));
    setPressed(maybePart("camera"), !view.camera);
    setText(maybePart("camera-text"), this.texts(view.camera ? "camera_off" : "camera_on"));
    setPressed(maybePart("low-data"), view.mode === "low");
    setPressed(maybePart("audio-only"), view.mode === "audio");
    setData(part("own-box"), "camera", view.camera && view.mode !== "audio" ? "on" : "off");
    const audioOnly = view.mode === "audio";
    setHidden(maybePart("other-camera-off"), view.state !== "live" || (!audioOnly && view.other.video === "on"));
    setText(maybePart("other-camera-off"), this.texts(audioOnly ? "audio_only_on" : "other_camera_off"));
    setHidden(part("tap-to-hear"), !view.playbackBlocked);
    const canEnd = view.state !== "reconnecting" && view.state !== "connecting";
    maybePart<HTMLButtonElement>("end")?.toggleAttribute("disabled", !canEnd);
  }
}

/** Which pair of sentences fits: the state, and for a pause or a missing device its cause. */
export function statusKey(view: Pick<CallView, "state" | "facts">): string {
  if (view.state === "ended" && view.facts.ended?.put_off) return "put_off";
  if (view.state === "paused") return `paused_${leadingHold(view.facts.call?.holds ?? []) ?? "technical"}`;
  if (view.state === "blocked") return `blocked_${view.facts.devices}`;
  if (view.state === "ended" && outcomeOf(view.facts) === "cancelled_by_facility") return "ended_stopped";
  return view.state;
}

function outcomeOf(facts: CallView["facts"]): string | null {
  return facts.ended?.outcome ?? facts.call?.outcome ?? null;
}

/** The server's own sentence for this person, where it has one. */
function messageOf(view: CallView): string {
  if (view.state === "ended") return view.facts.ended?.message ?? view.facts.call?.message ?? "";
  if (view.state === "replaced") return view.facts.replaced ?? "";
  return view.state === "paused" || view.state === "waiting" ? (view.facts.call?.message ?? "") : "";
}

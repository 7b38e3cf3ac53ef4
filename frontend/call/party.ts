// One party's page: session, look, buttons. Used by the visitor's call and by the station's.

import { keepAwake } from "./awake";
import { ask, maybePart, onClick, part, setHidden, setText } from "./dom";
import { chooseEngine, type Profile } from "./engine";
import { LiveKitEngine } from "./engine_livekit";
import { StubEngine } from "./engine_stub";
import type { Role } from "./messages";
import { readPageData, readTexts, type CallPageData, type Texts } from "./page_data";
import { CallSession, type CallView } from "./session";
import { unlockSound } from "./sound";
import { StageView, statusKey } from "./stage_view";
import { askSupport } from "./support";
import { VoiceEar, VoiceLine } from "./voice";
import { Warnings } from "./warnings";

/** The station goes back to its idle page by itself. Milliseconds. */
const RETURNS_AFTER = 8000;
const NOTICE_STAYS = 5000;

export function startCall(role: Role, profile: Profile): void {
  const data = readPageData<CallPageData>();
  const texts = readTexts();
  const view = new StageView(texts);
  const warnings = new Warnings(texts);
  const sleepAgain = keepAwake();
  const ear = new VoiceEar((door) => new VoiceLine(door, data.iceServers, { hear: part<HTMLAudioElement>("voice-audio") }));
  const tell = new Announcer(view, texts);
  const session: CallSession = new CallSession({
    data, role, profile,
    views: { video: view.remoteVideo, audio: view.remoteAudio },
    makeEngine: chooseEngine(data.media, (options) => new LiveKitEngine(options), (options) => new StubEngine(options)),
    hooks: {
      render: (state) => {
        view.render(state);
        tell.news(state);
        if (data.media === "livekit") ear.follow(isOver(state) ? null : state.facts.call?.voice?.door ?? null);
      },
      ownMedia: (media) => view.showOwn(media.video),
      warning: (warning) => warnings.show(warning),
      reminder: (_minutes, text) => warnings.remind(text),
      ended: (ended) => { sleepAgain(); finish(ended.next_url ?? data.next_url, profile === "station" || ended.put_off === true); },
    },
  });
  wire(session, texts, data);
  void session.start();
}

function isOver(view: CallView): boolean {
  return view.state === "ended" || view.state === "replaced";
}

/** Says a new state once, for screen readers. */
class Announcer {
  private said = "";

  constructor(private readonly view: StageView, private readonly texts: Texts) {}

  news(state: CallView): void {
    const key = statusKey(state);
    if (key === this.said) return;
    this.said = key;
    this.view.announce(this.texts(key));
  }
}

function wire(session: CallSession, texts: Texts, data: CallPageData): void {
  const state = { microphone: true, camera: true };
  onClick(maybePart("mute"), () => { state.microphone = !state.microphone; void session.setMicrophone(state.microphone); });
  onClick(maybePart("camera"), () => void toggleCamera(session, state, texts));
  onClick(maybePart("low-data"), (event) => session.setMode(isPressed(event) ? "normal" : "low"));
  onClick(maybePart("audio-only"), (event) => session.setMode(isPressed(event) ? "normal" : "audio"));
  onClick(maybePart("help"), () => notice(texts(session.help() ? "help_sent" : "not_sent")));
  onClick(maybePart("support"), () => void askSupport(data.support_url, data.csrf, (sent) => notice(texts(sent ? "support_sent" : "support_not_sent"))));
  onClick(maybePart("end"), () => void askEnd(session, texts));
  onClick(maybePart("retry-devices"), () => void session.openDevices());
  onClick(maybePart("use-here"), () => location.reload());
  onClick(part("tap-to-hear"), () => void session.startPlayback());
  onClick(maybePart("fit"), () => toggleFit(texts));
  window.addEventListener("online", () => session.retryNow());
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") session.retryNow(); });
  // any first tap lets later tones sound
  document.addEventListener("pointerdown", () => void unlockSound(), { once: true });
}

async function toggleCamera(session: CallSession, state: { camera: boolean }, texts: Texts): Promise<void> {
  state.camera = !state.camera;
  try {
    await session.setCamera(state.camera);
  } catch {
    state.camera = false;
    notice(texts("camera_failed"));
  }
}

async function askEnd(session: CallSession, texts: Texts): Promise<void> {
  const answer = await ask(part<HTMLDialogElement>("end-dialog"));
  if (answer === "end" && !session.end()) notice(texts("not_sent"));
}

function toggleFit(texts: Texts): void {
  const box = part("view");
  const whole = box.dataset["fit"] !== "whole";
  box.dataset["fit"] = whole ? "whole" : "fill";
  setText(maybePart("fit"), texts(whole ? "fit_fill" : "fit_whole"));
}

function finish(nextUrl: string, goesByItself: boolean): void {
  const next = maybePart<HTMLAnchorElement>("next");
  if (next !== null) next.href = nextUrl;
  next?.focus();
  if (goesByItself) setTimeout(() => location.assign(nextUrl), RETURNS_AFTER);
}

let noticeTimer: ReturnType<typeof setTimeout> | undefined;

function notice(text: string): void {
  const box = part("notice");
  setText(part("notice-text"), text);
  setHidden(box, false);
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => setHidden(box, true), NOTICE_STAYS);
}

function isPressed(event: MouseEvent): boolean {
  return event.currentTarget instanceof HTMLElement && event.currentTarget.getAttribute("aria-pressed") === "true";
}

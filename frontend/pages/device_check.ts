// Camera, microphone, sound and line before a visit: each says what it found, the form sends it all.

import { setData, setHidden, setText, maybePart, onClick, part } from "../call/dom";
import { acquire, stopAll } from "../call/devices";
import { measureLine, verdictOf, type LineResult } from "../call/echo";
import type { LocalMedia } from "../call/engine";
import { untried, type Check, type Findings, type Result } from "../call/findings";
import { Meter } from "../call/meter";
import { readPageData, readTexts, type DeviceCheckData } from "../call/page_data";
import { socketUrl } from "../call/control";
import { play, TEST } from "../call/sound";

/** As loud as speech at arm's length. */
const SPEECH = 0.35;

const data = readPageData<DeviceCheckData>();
const texts = readTexts();
const found: Findings = {};
let media: LocalMedia = { audio: null, video: null };
let meter: Meter | null = null;
let line: LineResult | null = null;

function tell(check: Check, result: Result, key: string, values: Record<string, string | number> = {}): void {
  found[check] = result;
  setData(part(`check-${check}`), "result", result);
  setText(part(`${check}-text`), texts(key, values));
  fillForm();
}

/** Hidden fields of the form: yes or no for each, the figures as JSON. */
function fillForm(): void {
  for (const check of ["camera", "microphone", "speaker", "connection"] as const) {
    const field = maybePart<HTMLInputElement>(`field-${check}`);
    if (field !== null) field.value = answerOf(found[check]);
  }
  const details = maybePart<HTMLInputElement>("field-details");
  if (details !== null) details.value = JSON.stringify({ ...found, rtt_ms: line?.rtt_ms ?? null, kbit_s: line?.kbit_s ?? null });
  const left = untried(found);
  part<HTMLButtonElement>("save").disabled = left.length > 0;
  setText(part("save-why"), left.length > 0 ? texts("save_waits", { what: left.map((check) => texts(`word_${check}`)).join(", ") }) : "");
}

/** Not measured is neither yes nor no. */
function answerOf(result: Result | undefined): string {
  if (result === undefined) return "";
  return result === "bad" ? "no" : "yes";
}

async function checkDevices(): Promise<void> {
  setHidden(part("retry-devices"), true);
  meter?.stop();
  stopAll(media);
  const acquired = await acquire("phone");
  media = acquired.media;
  if (acquired.devices !== "ready") {
    tell("camera", "bad", `devices_${acquired.devices}`);
    tell("microphone", "bad", "microphone_missing");
    setHidden(part("retry-devices"), false);
    return;
  }
  showPicture();
  listen();
}

function showPicture(): void {
  const video = part<HTMLVideoElement>("own-video");
  if (media.video === null) return tell("camera", "bad", "devices_missing");
  video.srcObject = new MediaStream([media.video]);
  setHidden(part("no-picture"), true);
  video.addEventListener("loadeddata", () => tell("camera", "good", "camera_good"), { once: true });
  void video.play().catch(() => undefined);
}

function listen(): void {
  const bar = part<HTMLMeterElement>("level");
  if (media.audio === null) return tell("microphone", "bad", "microphone_missing");
  setText(part("microphone-text"), texts("microphone_speak"));
  meter = new Meter(media.audio, (loudness) => {
    bar.value = loudness;
    if (loudness > SPEECH && found.microphone !== "good") tell("microphone", "good", "microphone_good");
  });
}

async function checkLine(): Promise<void> {
  if (data.echo === null) return setHidden(part("check-connection"), true);
  line = await measureLine(socketUrl(data.echo));
  const verdict = verdictOf(line);
  tell("connection", verdict, `connection_${verdict}`, { ms: line.rtt_ms ?? "–" });
}

async function soundTest(): Promise<void> {
  const played = await play(TEST);
  setHidden(part("heard-question"), false);
  if (!played) tell("speaker", "weak", "speaker_blocked");
}

onClick(part("play-sound"), () => void soundTest());
onClick(part("heard-yes"), () => tell("speaker", "good", "speaker_good"));
onClick(part("heard-no"), () => tell("speaker", "bad", "speaker_bad"));
onClick(part("retry-devices"), () => void checkDevices());
onClick(part("not-heard"), () => tell("microphone", "bad", "microphone_quiet"));
window.addEventListener("pagehide", () => stopAll(media));
fillForm();
void checkDevices();
void checkLine();

// The station while nobody talks: a clock, what comes next, and the call that opens by itself.

import { maybePart, part, setHidden, setText } from "../call/dom";
import { keepAwake } from "../call/awake";
import { localVoice, readAloud } from "../call/read_aloud";
import { Refresher } from "../call/refresh";

const EVERY = 3000;

/** The facility's own time, whatever zone the station's computer believes in. */
function showClock(): void {
  const clock = part("clock");
  const zone = clock.dataset["zone"] ?? "Asia/Jakarta";
  // the server's clock rules; the station's may be wrong
  const ahead = Number(clock.dataset["now"]) * 1000 - Date.now();
  const format = new Intl.DateTimeFormat("id-ID", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
  const tick = (): void => setText(clock, format.format(Date.now() + (Number.isFinite(ahead) ? ahead : 0)));
  tick();
  setInterval(tick, 1000);
}

/** "Dengarkan" shows only where this computer has a voice for the page's language. */
function offerVoice(): void {
  const button = maybePart("hear-rules");
  const speech = window.speechSynthesis as SpeechSynthesis | undefined;
  if (button === null || speech === undefined) return;
  setHidden(button, localVoice(speech.getVoices(), document.documentElement.lang) === null);
}

function hearRules(event: Event): void {
  if ((event.target as HTMLElement).closest("[data-part=hear-rules]") === null) return;
  const sentences = [...document.querySelectorAll<HTMLElement>("[data-part=rule]")].map((each) => each.textContent?.trim() ?? "");
  readAloud(window.speechSynthesis, sentences, document.documentElement.lang);
}

showClock();
keepAwake();
offerVoice();
// voices come late; the piece with the button comes and goes
(window.speechSynthesis as SpeechSynthesis | undefined)?.addEventListener?.("voiceschanged", offerVoice);
document.addEventListener("click", hearRules);
new Refresher({ piece: "room", every: EVERY, changed: offerVoice, open: (address) => location.assign(address) }).start();

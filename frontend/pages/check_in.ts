// The waiting room: says what changes, and lets in when the call is open. The person taps: then sound may play.

import { maybePart, setText } from "../call/dom";
import { readTexts } from "../call/page_data";
import { keepAwake } from "../call/awake";
import { Refresher } from "../call/refresh";
import { play, REMINDER, unlockSound } from "../call/sound";

const EVERY = 3000;

const texts = readTexts();
let wasOpen = maybePart("enter") !== null;

function changed(room: HTMLElement): void {
  const isOpen = maybePart("enter", room) !== null;
  if (isOpen && !wasOpen) callIn(room);
  wasOpen = isOpen;
  setText(maybePart("announce"), maybePart("room-state", room)?.textContent?.trim() ?? "");
}

/** A phone lying beside: a tone, the title, and the button under the thumb. */
function callIn(room: HTMLElement): void {
  document.title = texts("enter_title");
  void play(REMINDER);
  maybePart("enter", room)?.focus();
}

document.addEventListener("pointerdown", () => void unlockSound(), { once: true });
// only who has checked in waits; before that the page is a form
if (maybePart("room") !== null) {
  keepAwake();
  new Refresher({ piece: "room", every: EVERY, changed }).start();
}

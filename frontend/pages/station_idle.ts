// The station while nobody talks: a clock, what comes next, and the call that opens by itself.

import { part, setText } from "../call/dom";
import { keepAwake } from "../call/awake";
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

showClock();
keepAwake();
new Refresher({ piece: "room", every: EVERY, open: (address) => location.assign(address) }).start();

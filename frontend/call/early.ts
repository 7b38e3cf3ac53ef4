// Camera and microphone, asked for by a small script of its own while the call's large one is still on its way.

import { acquire, type Acquired } from "./devices";
import type { Profile } from "./engine";

type Holder = { besukDevices?: Promise<Acquired> };

/** Asks now; the call's own script takes the answer up. */
export function askEarly(profile: Profile, holder: Holder = globalThis as Holder): void {
  holder.besukDevices = acquire(profile);
}

/** What was asked for early, once; afterwards, or when nothing was, asks now. */
export function takeEarly(profile: Profile, holder: Holder = globalThis as Holder): Promise<Acquired> {
  const early = holder.besukDevices ?? acquire(profile);
  delete holder.besukDevices;
  return early;
}

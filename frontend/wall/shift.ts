// Whether this officer is on duty, since when, and who else: nobody watches without a shift.

import { onClick, part, setHidden, setText } from "../call/dom";
import type { OnDuty, Shift } from "../call/messages";
import type { Texts } from "../call/page_data";
import type { Body } from "./acts";
import { wirePin } from "./pin";

/** Sends "start" or "end"; true when the server took it. */
export type SendShift = (what: "start" | "end", body: Body) => Promise<boolean>;

export class ShiftBar {
  private readonly banner = part("shift-banner");
  private readonly pin = part<HTMLInputElement>("shift-pin");
  private readonly words = part("on-duty");
  private readonly end = part<HTMLButtonElement>("shift-end");

  constructor(private readonly texts: Texts, private readonly zone: string, private readonly send: SendShift) {
    onClick(this.end, () => void this.send("end", {}));
    wirePin(part<HTMLFormElement>("shift-form"), this.pin, (pin) => this.send("start", { pin }));
  }

  show(shift: Shift | null, others: OnDuty[]): void {
    setHidden(this.banner, shift !== null);
    setHidden(this.end, shift === null);
    if (shift !== null) this.pin.value = "";
    const own = shift === null ? [] : [this.texts("duty_own", { since: this.clock(shift.since) })];
    const rest = others.map((one) => this.texts(one.here ? "duty_other" : "duty_away", { code: one.code, since: this.clock(one.since) }));
    const words = [...own, ...rest].join(" · ");
    setText(this.words, words);
    setHidden(this.words, words === "");
  }

  private clock(at: number): string {
    const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: this.zone });
    return time.format(at).replace(":", document.documentElement.lang === "en" ? ":" : ".");
  }
}

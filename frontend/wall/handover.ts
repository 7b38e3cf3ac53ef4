// One officer hands calls to another: offered in a dialog, accepted with the PIN, over once the other is seen to watch.

import { ask, fromTemplate, onClick, part, setHidden, setText } from "../call/dom";
import type { Offer, OnDuty, WallCall } from "../call/messages";
import type { Texts } from "../call/page_data";
import type { Body } from "./acts";
import { fillMenu } from "./dialogs";
import { wirePin } from "./pin";

export type HandoverStep = "offer" | "accept" | "decline" | "withdraw";
/** True when the server took it. */
export type SendHandover = (step: HandoverStep, body: Body) => Promise<boolean>;

export class Handovers {
  private readonly list = part("handovers");
  private readonly all = part<HTMLButtonElement>("handover-all");
  private readonly box = part<HTMLDialogElement>("handover-dialog");
  private readonly rows = new Map<string, HTMLElement>();
  private others: OnDuty[] = [];
  private mine = 0;

  constructor(private readonly texts: Texts, private readonly send: SendHandover) {
    onClick(this.all, () => void this.offer(null));
  }

  show(offers: Offer[], others: OnDuty[], mine: number): void {
    this.others = others;
    this.mine = mine;
    setHidden(this.all, mine === 0);
    const shown = new Set<string>();
    for (const offer of offers) {
      // who accepted watches already: there is nothing left for them to do
      if (!offer.mine && offer.accepted) continue;
      const key = `${offer.by} ${offer.to}`;
      shown.add(key);
      this.fill(this.rows.get(key) ?? this.add(key, offer), offer);
    }
    for (const [key, row] of this.rows) {
      if (shown.has(key)) continue;
      row.remove();
      this.rows.delete(key);
    }
  }

  /** To whom; null hands over all calls of this wall. */
  async offer(call: WallCall | null): Promise<void> {
    const about = call === null ? this.texts("handover_all_about", { count: this.mine }) : `${call.station} · ${call.inmate.name}`;
    setText(part("handover-about", this.box), about);
    setHidden(part("handover-nobody", this.box), this.others.length > 0);
    fillMenu(part("handover-list", this.box), this.others.map((one) => ({ code: one.code, label: this.wordsOf(one) })));
    const to = await ask(this.box);
    if (to !== "") await this.send("offer", call === null ? { to } : { to, call: call.ref });
  }

  private wordsOf(one: OnDuty): string {
    return this.texts(one.here ? "handover_officer" : "handover_officer_away", { code: one.code, count: one.calls });
  }

  private add(key: string, offer: Offer): HTMLElement {
    const row = fromTemplate<HTMLElement>("handover-template");
    const [form, field] = [part<HTMLFormElement>("handover-form", row), part<HTMLInputElement>("handover-pin", row)];
    wirePin(form, field, (pin) => this.send("accept", { by: offer.by, pin }));
    onClick(part("handover-decline", row), () => void this.send("decline", { by: offer.by }));
    onClick(part("handover-withdraw", row), () => void this.send("withdraw", { to: offer.to }));
    this.list.append(row);
    this.rows.set(key, row);
    return row;
  }

  private fill(row: HTMLElement, offer: Offer): void {
    const key = offer.mine ? (offer.accepted ? "handover_coming" : "handover_waiting") : "handover_offered";
    setText(part("handover-words", row), this.texts(key, { who: offer.mine ? offer.to : offer.by }));
    setText(part("handover-calls", row), offer.calls.map((call) => `${call.station} · ${call.inmate}`).join(", "));
    row.classList.toggle("calm", offer.mine);
    setHidden(part("handover-form", row), offer.mine);
    setHidden(part("handover-withdraw", row), !offer.mine);
  }
}

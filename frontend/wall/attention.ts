// "Are you still watching?": one tap in time, the officer's PIN after that. The server decides; this only asks.

import { onClick, part, setData, setHidden, setText } from "../call/dom";
import type { Attention } from "../call/messages";
import type { Texts } from "../call/page_data";
import type { Body } from "./acts";
import { wirePin } from "./pin";

/** Sends the answer; true when the server took it. */
export type Send = (body: Body) => Promise<boolean>;

export class AttentionBanner {
  private readonly box = part("attention-banner");
  private readonly button = part<HTMLButtonElement>("attention");
  private readonly form = part<HTMLFormElement>("attention-form");
  private readonly pin = part<HTMLInputElement>("attention-pin");

  constructor(private readonly texts: Texts, private readonly send: Send) {
    onClick(this.button, () => void this.tap());
    wirePin(this.form, this.pin, (pin) => this.send({ pin }));
  }

  get asks(): boolean {
    return !this.box.hidden && !this.button.hidden;
  }

  show(attention: Attention | null): void {
    const state = attention?.state ?? "calm";
    setData(this.box, "state", state);
    setHidden(this.box, state === "calm");
    setHidden(this.button, state !== "asked");
    setHidden(this.form, state !== "missed");
    if (state === "calm") this.pin.value = "";
    setText(part("attention-words", this.box), state === "calm" ? "" : this.texts(`attention_${state}`));
    // beside the live region: a count that is read out every two seconds helps nobody
    setText(part("attention-left", this.box), state === "asked" ? this.texts("attention_left", { count: attention?.left_s ?? 0 }) : "");
  }

  async tap(): Promise<void> {
    if (this.asks) await this.send({});
  }
}

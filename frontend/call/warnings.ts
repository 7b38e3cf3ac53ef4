// Warnings over the picture: for whom, in words, with a tone, until read.

import { fromTemplate, onClick, part, setText } from "./dom";
import type { WarningMessage } from "./messages";
import type { Texts } from "./page_data";
import { play, REMINDER, WARNING } from "./sound";

const STAYS = 30_000;
const REMINDER_STAYS = 9_000;

export class Warnings {
  private readonly holder = part("warnings");
  private readonly seen = new Set<string>();

  constructor(private readonly texts: Texts) {}

  /** The same warning may come again after a reconnect: it is shown once. */
  show(warning: WarningMessage): void {
    if (this.seen.has(warning.id)) return;
    this.seen.add(warning.id);
    const kind = this.texts(`${warning.formal ? "formal_warning" : "warning"}_for_${warning.for}`);
    this.add(warning.formal ? "formal" : "plain", kind, warning.text, STAYS);
    void play(WARNING);
  }

  remind(text: string): void {
    this.add("reminder", this.texts("reminder"), text, REMINDER_STAYS);
    void play(REMINDER);
  }

  private add(tone: string, kind: string, text: string, stays: number): void {
    const box = fromTemplate<HTMLElement>("warning-template");
    box.classList.add(tone);
    setText(part("warning-kind", box), kind);
    setText(part("warning-text", box), text);
    onClick(part("warning-read", box), () => box.remove());
    this.holder.append(box);
    setTimeout(() => box.remove(), stays);
  }
}

// Short words at the edge: a refusal stays until it was read or the officer went on, the rest goes by itself.

import { fromTemplate, onClick, part, setText } from "../call/dom";
import type { RefusalRow } from "./acts";

const STAYS = 4000;
const REFUSAL_STAYS = 20_000;

export function toast(sentence: string, next: string | null = null, bad = false): HTMLElement {
  const box = fromTemplate<HTMLElement>("toast-template");
  box.classList.toggle("bad", bad);
  box.dataset["testid"] = bad ? "refusal" : "toast";
  setText(part("toast-what", box), sentence);
  setText(part("toast-next", box), next ?? "");
  onClick(part("toast-close", box), () => box.remove());
  part(bad ? "alerts" : "toasts").append(box);
  setTimeout(() => box.remove(), bad ? REFUSAL_STAYS : STAYS);
  return box;
}

/** What an act was refused for, in place of what an earlier one was. None: it was done, and an old "wrong PIN" is untrue. */
export function refusalToasts(rows: RefusalRow[]): void {
  part("alerts").querySelectorAll("[data-refused]").forEach((box) => box.remove());
  rows.forEach((row) => { toast(row.sentence, row.next, true).dataset["refused"] = row.code; });
}

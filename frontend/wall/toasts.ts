// Short words at the edge: a refusal stays until it was read, the rest goes by itself.

import { fromTemplate, onClick, part, setText } from "../call/dom";
import type { RefusalRow } from "./acts";

const STAYS = 4000;
const REFUSAL_STAYS = 20_000;

export function toast(sentence: string, next: string | null = null, bad = false): void {
  const box = fromTemplate<HTMLElement>("toast-template");
  box.classList.toggle("bad", bad);
  box.dataset["testid"] = bad ? "refusal" : "toast";
  setText(part("toast-what", box), sentence);
  setText(part("toast-next", box), next ?? "");
  onClick(part("toast-close", box), () => box.remove());
  part(bad ? "alerts" : "toasts").append(box);
  setTimeout(() => box.remove(), bad ? REFUSAL_STAYS : STAYS);
}

export function refusalToasts(rows: RefusalRow[]): void {
  rows.forEach((row) => toast(row.sentence, row.next, true));
}

// The wall by keyboard. Letters act on the chosen tile; they can be switched off, and never act while one writes.

import type { TileAct } from "./words";

export type KeyWish = { kind: "choose"; index: number } | { kind: "act"; act: TileAct } | { kind: "enlarge" } | { kind: "attention" } | { kind: "tasks" } | { kind: "tiles" };

const LETTERS: Record<string, KeyWish> = {
  d: { kind: "act", act: "listen" },
  i: { kind: "act", act: "warn" },
  p: { kind: "act", act: "identity" },
  c: { kind: "act", act: "note" },
  a: { kind: "act", act: "end" },
  k: { kind: "act", act: "mute-visitor" },
  t: { kind: "act", act: "extend" },
  e: { kind: "act", act: "incident" },
  n: { kind: "act", act: "support" },
  h: { kind: "act", act: "handover" },
  m: { kind: "act", act: "mute-inmate" },
  b: { kind: "enlarge" },
  o: { kind: "act", act: "count" },
  u: { kind: "tasks" },
  v: { kind: "act", act: "speak" },
  y: { kind: "attention" },
  l: { kind: "tiles" },
};

/** What a key means for a tile that offers `acts`; null when nothing. J pauses or goes on, W watches. */
export function wishOf(key: string, acts: readonly TileAct[]): KeyWish | null {
  const letter = key.toLowerCase();
  if (/^[1-8]$/.test(letter)) return { kind: "choose", index: Number(letter) - 1 };
  if (letter === "j") return offered(acts.includes("resume") ? "resume" : "pause", acts);
  if (letter === "w") return offered("watch", acts);
  const wish = LETTERS[letter] ?? null;
  return wish?.kind === "act" ? offered(wish.act, acts) : wish;
}

function offered(act: TileAct, acts: readonly TileAct[]): KeyWish | null {
  return acts.includes(act) ? { kind: "act", act } : null;
}

interface KeyLike {
  key: string; ctrlKey: boolean; altKey: boolean; metaKey: boolean; repeat: boolean; target: EventTarget | null;
}

/** Keys belong to the page only when no field, dialog or browser shortcut wants them. */
export function isForUs(event: KeyLike, dialogOpen: boolean): boolean {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || dialogOpen) return false;
  const tag = (event.target as { tagName?: string } | null)?.tagName ?? "";
  return !["INPUT", "TEXTAREA", "SELECT"].includes(tag);
}

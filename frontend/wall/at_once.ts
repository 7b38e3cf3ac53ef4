// How many tiles are on the screen at once: the officer's choice, kept in this browser for each prison's wall.

import { maybePart, onClick, setData, setHidden, setPressed, setText } from "../call/dom";
import type { PictureSize } from "../call/engine";
import { countText, type Texts } from "../call/page_data";

export const CHOICES = ["auto", "1", "2", "4", "6", "8"] as const;
export type Choice = (typeof CHOICES)[number];
const NUMBERS = [1, 2, 4, 6, 8];

/** What of the browser's memory is used; a browser that refuses it forgets at the next load. */
export type Memory = Pick<Storage, "getItem" | "setItem">;

/** So many tiles fit at once. By itself: as few as hold all calls, so that pictures are as large as they can be. */
export function atOnce(choice: Choice, calls: number): number {
  if (choice !== "auto") return Number(choice);
  return NUMBERS.find((number) => number >= calls) ?? 8;
}

/** The layer for a tile's pictures: a larger one only where it can be seen. */
export function sizeOf(fit: number, enlarged: boolean): PictureSize {
  if (enlarged || fit === 1) return "large";
  return fit === 2 ? "middle" : "small";
}

export function after(choice: Choice): Choice {
  return CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length] ?? "auto";
}

export class AtOnce {
  private choice: Choice;
  private calls = 0;
  private readonly key: string;

  constructor(
    facility: number,
    private readonly texts: Texts,
    private readonly grid: HTMLElement,
    private readonly onChange: () => void,
    private readonly memory: Memory | null = ownMemory(),
  ) {
    this.key = `besuk.wall.${facility}.tiles`;
    this.choice = CHOICES.find((each) => each === recall(this.memory, this.key)) ?? "auto";
    for (const each of CHOICES) onClick(maybePart(`tiles-${each}`), () => this.choose(each));
    this.render();
  }

  get fit(): number {
    return atOnce(this.choice, this.calls);
  }

  show(calls: number): void {
    if (calls === this.calls) return;
    this.calls = calls;
    this.render();
    this.onChange();
  }

  next(): void {
    this.choose(after(this.choice));
  }

  private choose(choice: Choice): void {
    this.choice = choice;
    try {
      this.memory?.setItem(this.key, choice);
    } catch { /* full or forbidden: the choice holds until the page is left */ }
    this.render();
    this.onChange();
  }

  private render(): void {
    setData(this.grid, "fit", String(this.fit));
    for (const each of CHOICES) setPressed(maybePart(`tiles-${each}`), each === this.choice);
    const below = Math.max(0, this.calls - this.fit);
    setText(maybePart("tiles-below"), below > 0 ? countText(this.texts, "tiles_below", below) : "");
    setHidden(maybePart("tiles-below"), below === 0);
  }
}

function recall(memory: Memory | null, key: string): string | null {
  try {
    return memory?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

function ownMemory(): Memory | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

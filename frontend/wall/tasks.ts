// The task list: what wants an officer's eye, in the server's order, with who sees to it and whose word ended it.

import { fromTemplate, onClick, part, setData, setHidden, setText } from "../call/dom";
import type { WallTask } from "../call/messages";
import type { Texts } from "../call/page_data";

export interface TaskHooks {
  look(call: string): void;
  take(call: string, task: string): void;
  done(call: string, task: string): void;
}

export type TaskState = "open" | "taken" | "done";

/** Of a task's id, `<call>:<what>`: what the server calls it. */
export function whatOf(task: Pick<WallTask, "id">): string {
  return task.id.split(":").at(-1) ?? "";
}

export function stateOf(task: Pick<WallTask, "owner" | "mine" | "done_by">): TaskState {
  if (task.done_by !== null) return "done";
  return task.owner !== null || task.mine ? "taken" : "open";
}

export class Tasks {
  private readonly list = part("task-list");
  private readonly items = new Map<string, HTMLElement>();
  private told: Set<string> | null = null;

  constructor(private readonly hooks: TaskHooks, private readonly texts: Texts) {
    onClick(part("task-more"), () => this.showAll(part("task-more").getAttribute("aria-expanded") !== "true"));
  }

  show(tasks: WallTask[]): void {
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    const home = [...this.items.values()].find((item) => item.contains(focused)) ?? null;
    const wanted = new Set(tasks.map((task) => task.id));
    for (const [id, item] of this.items) if (!wanted.has(id)) this.drop(id, item);
    tasks.forEach((task, index) => this.place(task, index));
    this.count(tasks.filter((task) => task.done_by === null));
    if (home !== null && focused !== null) keepFocus(focused, home);
  }

  /** To the first thing to do, by keyboard. */
  focus(): void {
    const first = this.list.querySelector<HTMLElement>("button:not([hidden])");
    (first ?? part("task-title-bar")).focus();
  }

  private count(open: WallTask[]): void {
    setHidden(part("no-tasks"), this.items.size > 0);
    setText(part("task-count"), open.length > 0 ? String(open.length) : "");
    setData(part("task-count"), "urgent", String(open.some((task) => task.urgency === "high")));
    setHidden(part("task-more"), this.items.size < 2);
    this.announce(open);
  }

  /** New ones are said once; those that stood when the page came are read like the rest of it. */
  private announce(open: WallTask[]): void {
    const fresh = this.told === null ? [] : open.filter((task) => this.told?.has(task.id) !== true);
    this.told = new Set(open.map((task) => task.id));
    if (fresh.length > 0) setText(part("task-news"), fresh.map((task) => this.texts("task_new", { title: task.title, detail: task.detail })).join(" "));
  }

  private showAll(all: boolean): void {
    this.list.classList.toggle("all", all);
    part("task-more").setAttribute("aria-expanded", String(all));
    setText(part("task-more"), this.texts(all ? "task_fewer" : "task_all"));
  }

  private drop(id: string, item: HTMLElement): void {
    item.remove();
    this.items.delete(id);
  }

  private place(task: WallTask, index: number): void {
    const item = this.items.get(task.id) ?? this.add(task);
    setData(item, "urgency", task.urgency);
    setData(item, "state", stateOf(task));
    setText(part("task-title", item), task.title);
    setText(part("task-detail", item), task.detail);
    setText(part("task-owner", item), this.ownerOf(task));
    setHidden(part("task-owner", item), stateOf(task) === "open" || task.call === null);
    setHidden(part("task-take", item), !task.can_take);
    setHidden(part("task-done", item), !task.can_finish);
    // moving an element that stands right already would take the focus from it
    if (this.list.children[index] !== item) this.list.insertBefore(item, this.list.children[index] ?? null);
  }

  private ownerOf(task: WallTask): string {
    if (task.done_by !== null) return this.texts("task_done_by", { who: task.done_by });
    return task.mine ? this.texts("task_yours") : this.texts("task_taken_by", { who: task.owner ?? "" });
  }

  private add(task: WallTask): HTMLElement {
    const item = fromTemplate<HTMLElement>("task-template");
    item.dataset["testid"] = `task-${task.id}`;
    item.tabIndex = -1;
    const { call } = task;
    setHidden(part("task-look", item), call === null);
    if (call !== null) {
      onClick(part("task-look", item), () => this.hooks.look(call));
      onClick(part("task-take", item), () => this.hooks.take(call, whatOf(task)));
      onClick(part("task-done", item), () => this.hooks.done(call, whatOf(task)));
    }
    this.items.set(task.id, item);
    return item;
  }
}

/** A button that went takes the focus with it: then the task's next button has it, or the list's title. */
function keepFocus(before: HTMLElement, home: HTMLElement): void {
  if (!home.isConnected) part("task-title-bar").focus();
  else if (!before.hidden) before.focus();
  else (home.querySelector<HTMLElement>("button:not([hidden])[data-part='task-done']") ?? home).focus();
}

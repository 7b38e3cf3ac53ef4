// The task column: what wants an officer's eye, most urgent first.

import { fromTemplate, onClick, part, setData, setHidden, setText } from "../call/dom";
import type { WallTask } from "../call/messages";

export interface TaskHooks {
  look(call: string): void;
  done(call: string, task: string): void;
}

/** Of a task's id, `<call>:<what>`. Only a request for help is ticked off; the rest goes when it is no longer so. */
export function tickedOff(task: Pick<WallTask, "id">): string | null {
  const what = task.id.split(":").at(-1) ?? "";
  return what.startsWith("help_") ? what : null;
}

const ORDER = { high: 0, normal: 1, low: 2 };

export class Tasks {
  private readonly list = part("task-list");
  private readonly items = new Map<string, HTMLElement>();

  constructor(private readonly hooks: TaskHooks) {}

  show(tasks: WallTask[]): void {
    const sorted = [...tasks].sort((one, other) => ORDER[one.urgency] - ORDER[other.urgency]);
    const wanted = new Set(sorted.map((task) => task.id));
    for (const [id, item] of this.items) if (!wanted.has(id)) this.drop(id, item);
    sorted.forEach((task, index) => this.place(task, index));
    setHidden(part("no-tasks"), sorted.length > 0);
    setText(part("task-count"), sorted.length > 0 ? String(sorted.length) : "");
  }

  private drop(id: string, item: HTMLElement): void {
    item.remove();
    this.items.delete(id);
  }

  private place(task: WallTask, index: number): void {
    const item = this.items.get(task.id) ?? this.add(task);
    setData(item, "urgency", task.urgency);
    setText(part("task-title", item), task.title);
    setText(part("task-detail", item), task.detail);
    // moving an element that stands right already would take the focus from it
    if (this.list.children[index] !== item) this.list.insertBefore(item, this.list.children[index] ?? null);
  }

  private add(task: WallTask): HTMLElement {
    const item = fromTemplate<HTMLElement>("task-template");
    item.dataset["testid"] = `task-${task.id}`;
    const look = part("task-look", item);
    const done = part("task-done", item);
    const { call } = task;
    setHidden(look, call === null);
    if (call !== null) onClick(look, () => this.hooks.look(call));
    const what = tickedOff(task);
    setHidden(done, call === null || what === null);
    if (call !== null && what !== null) onClick(done, () => this.hooks.done(call, what));
    this.items.set(task.id, item);
    return item;
  }
}

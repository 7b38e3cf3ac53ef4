// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";

import type { WallTask } from "../call/messages";
import { Tasks, tickedOff } from "./tasks";

const HELP: WallTask = { id: "c1:help_inmate", title: "Help", detail: "Station 1", urgency: "high", call: "c1" };
const ALONE: WallTask = { id: "c1:no_supervisor", title: "Alone", detail: "Station 1", urgency: "high", call: "c1" };

describe("the task column", () => {
  const ticked: string[] = [];
  let tasks: Tasks;

  beforeEach(() => {
    ticked.length = 0;
    document.body.innerHTML = `
      <ul data-part="task-list"></ul><p data-part="no-tasks"></p><b data-part="task-count"></b>
      <template data-part="task-template"><li><b data-part="task-title"></b><i data-part="task-detail"></i>
        <button data-part="task-look"></button><button data-part="task-done"></button></li></template>`;
    tasks = new Tasks({ look: () => undefined, done: (call, task) => ticked.push(`${call} ${task}`) });
  });

  const item = (task: WallTask): HTMLElement => document.querySelector(`[data-testid="task-${task.id}"]`) as HTMLElement;
  const done = (task: WallTask): HTMLButtonElement => item(task).querySelector("[data-part=task-done]") as HTMLButtonElement;

  it("ticks off a request for help", () => {
    tasks.show([HELP]);
    expect(done(HELP).hidden).toBe(false);
    done(HELP).click();
    expect(ticked).toEqual(["c1 help_inmate"]);
  });

  it("offers no tick for what goes by itself", () => {
    tasks.show([ALONE]);
    expect(tickedOff(ALONE)).toBeNull();
    expect(done(ALONE).hidden).toBe(true);
  });

  it("shows a second request as a new one", () => {
    tasks.show([HELP]);
    const first = item(HELP);
    tasks.show([HELP]);
    expect(item(HELP)).toBe(first);
    tasks.show([]);
    tasks.show([HELP]);
    expect(item(HELP)).not.toBe(first);
  });
});

// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";

import type { WallTask } from "../call/messages";
import { fill } from "../call/page_data";
import { stateOf, Tasks, whatOf } from "./tasks";

const HELP: WallTask = {
  id: "c1:help_inmate", kind: "help", title: "Help", detail: "Station 1", urgency: "high", call: "c1",
  owner: null, mine: false, done_by: null, can_take: true, can_finish: true,
};
const DARK: WallTask = { ...HELP, id: "c2:dark_visitor", kind: "dark", title: "Dark", detail: "Station 2", call: "c2" };
const ALONE: WallTask = { ...HELP, id: "c1:no_supervisor", kind: "no_supervisor", title: "Alone", can_finish: false };
const WORDS: Record<string, string> = {
  task_yours: "You", task_taken_by: "By {who}", task_done_by: "Done: {who}", task_new: "New: {title}, {detail}.", task_all: "All", task_fewer: "Fewer",
};

describe("the task list", () => {
  const said: string[] = [];
  let tasks: Tasks;

  beforeEach(() => {
    said.length = 0;
    document.body.innerHTML = `
      <h2 tabindex="-1" data-part="task-title-bar"><b data-part="task-count"></b></h2><p data-part="task-news"></p>
      <ul data-part="task-list"></ul><p data-part="no-tasks"></p><button data-part="task-more" aria-expanded="false"></button>
      <template data-part="task-template"><li><b data-part="task-title"></b><i data-part="task-detail"></i><u data-part="task-owner"></u>
        <button data-part="task-look"></button><button data-part="task-take"></button><button data-part="task-done"></button></li></template>`;
    const hook = (act: string) => (call: string, task = "") => { said.push(`${act} ${call} ${task}`.trim()); };
    tasks = new Tasks({ look: hook("look"), take: hook("take"), done: hook("done") }, (key, values = {}) => fill(WORDS[key] ?? "", values));
  });

  const item = (task: WallTask): HTMLElement => document.querySelector(`[data-testid="task-${task.id}"]`) as HTMLElement;
  const of = <T extends HTMLElement>(task: WallTask, name: string): T => item(task).querySelector(`[data-part=task-${name}]`) as T;
  const page = (name: string): HTMLElement => document.querySelector(`[data-part=${name}]`) as HTMLElement;

  it("keeps the server's order and counts what is still open", () => {
    tasks.show([DARK, ALONE, { ...HELP, done_by: "P-02", can_take: false, can_finish: false }]);
    expect([...page("task-list").children]).toEqual([item(DARK), item(ALONE), item(HELP)]);
    expect(page("task-count").textContent).toBe("2");
  });

  it("takes and finishes by the server's name of the task", () => {
    tasks.show([DARK]);
    of(DARK, "look").click();
    of(DARK, "take").click();
    of(DARK, "done").click();
    expect(said).toEqual(["look c2", "take c2 dark_visitor", "done c2 dark_visitor"]);
    expect(whatOf(ALONE)).toBe("no_supervisor");
  });

  it("offers only what the server allows", () => {
    tasks.show([ALONE]);
    expect([of(ALONE, "take").hidden, of(ALONE, "done").hidden]).toEqual([false, true]);
  });

  it("says whose it is: mine, another's, done", () => {
    tasks.show([DARK]);
    expect(of(DARK, "owner").hidden).toBe(true);
    tasks.show([{ ...DARK, owner: "P-01", mine: true, can_take: false }]);
    expect([of(DARK, "owner").textContent, item(DARK).dataset["state"]]).toEqual(["You", "taken"]);
    tasks.show([{ ...DARK, owner: "P-02", can_take: false, can_finish: false }]);
    expect([of(DARK, "owner").textContent, of(DARK, "take").hidden]).toEqual(["By P-02", true]);
    tasks.show([{ ...DARK, owner: "P-02", done_by: "P-01" }]);
    expect([of(DARK, "owner").textContent, stateOf({ ...DARK, done_by: "P-01" })]).toEqual(["Done: P-01", "done"]);
  });

  it("says new ones once, and those that were there before not at all", () => {
    tasks.show([ALONE]);
    expect(page("task-news").textContent).toBe("");
    tasks.show([ALONE, DARK]);
    expect(page("task-news").textContent).toBe("New: Dark, Station 2.");
    page("task-news").textContent = "";
    tasks.show([DARK, ALONE]);
    expect(page("task-news").textContent).toBe("");
    tasks.show([ALONE]);
    tasks.show([ALONE, DARK]);
    expect(page("task-news").textContent).toBe("New: Dark, Station 2.");
  });

  it("keeps the focus in the list when the pressed button goes", () => {
    tasks.show([DARK, ALONE]);
    of(DARK, "take").focus();
    tasks.show([ALONE, { ...DARK, owner: "P-01", mine: true, can_take: false }]);
    expect(document.activeElement).toBe(of(DARK, "done"));
    tasks.show([ALONE, { ...DARK, done_by: "P-01", can_take: false, can_finish: false }]);
    expect(document.activeElement).toBe(item(DARK));
    tasks.show([ALONE]);
    expect(document.activeElement).toBe(page("task-title-bar"));
  });

  it("takes no focus from elsewhere", () => {
    tasks.show([DARK]);
    page("task-more").focus();
    tasks.show([]);
    expect(document.activeElement).toBe(page("task-more"));
  });

  it("shows the rest of a short list on demand", () => {
    tasks.show([DARK]);
    expect(page("task-more").hidden).toBe(true);
    tasks.show([DARK, ALONE]);
    expect(page("task-more").hidden).toBe(false);
    page("task-more").click();
    expect([page("task-list").classList.contains("all"), page("task-more").textContent]).toEqual([true, "Fewer"]);
    page("task-more").click();
    expect([page("task-list").classList.contains("all"), page("task-more").textContent]).toEqual([false, "All"]);
  });

  it("goes to the first thing to do", () => {
    tasks.focus();
    expect(document.activeElement).toBe(page("task-title-bar"));
    tasks.show([ALONE]);
    tasks.focus();
    expect(document.activeElement).toBe(of(ALONE, "look"));
  });
});

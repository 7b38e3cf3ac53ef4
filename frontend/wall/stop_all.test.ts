// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from "vitest";
import type { WallMessage } from "../call/messages";
import type { ActAnswer } from "./acts";
import { StopAll } from "./stop_all";

const data = { facility: 7, stop_url: "/wall/stop-all", reopen_url: "/wall/reopen" };
const done: ActAnswer = { ok: true, recorded: true, refusals: [] };
let said: WallMessage[], posted: string[];

function make(answer: ActAnswer | null, lineOpen = true): StopAll {
  const acts = { post: async (url: string) => { posted.push(url); return answer; } };
  return new StopAll(data, (key) => key, acts, (message) => { said.push(message); return lineOpen; });
}

beforeEach(() => {
  said = [];
  posted = [];
  document.body.innerHTML = `
    <div data-part="stopped" hidden></div><button data-part="stop-all"></button><div data-part="alerts"></div><div data-part="toasts"></div>
    <template data-part="toast-template"><div><b data-part="toast-what"></b><i data-part="toast-next"></i><button data-part="toast-close"></button></div></template>`;
});

describe("stop all", () => {
  test("goes both ways", async () => {
    await make(done).stop();
    expect(said).toEqual([{ t: "stop_all", facility: 7 }]);
    expect(posted).toEqual(["/wall/stop-all"]);
    expect(document.body.textContent).toContain("stopped_all");
  });

  test("without an answer says what to look at, and more when the line was closed as well", async () => {
    await make(null).stop();
    expect(document.body.textContent).toContain("stop_unsure");
    await make(null, false).stop();
    expect(document.body.textContent).toContain("no_answer");
  });

  test("shows the standing stop of this prison alone", () => {
    const box = document.querySelector<HTMLElement>("[data-part=stopped]");
    const button = document.querySelector<HTMLElement>("[data-part=stop-all]");
    const stopAll = make(done);
    stopAll.show([8]);
    expect([box?.hidden, button?.hidden]).toEqual([true, false]);
    stopAll.show([8, 7]);
    expect([box?.hidden, button?.hidden]).toEqual([false, true]);
  });
});

// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";

import type { Body } from "./acts";
import { ShiftBar } from "./shift";

const AT_NINE = Date.UTC(2026, 11, 3, 2, 5);

describe("the shift", () => {
  let sent: [string, Body][];
  let took: boolean;
  let bar: ShiftBar;
  const find = <T extends HTMLElement>(name: string): T => document.querySelector(`[data-part="${name}"]`) as T;

  beforeEach(() => {
    sent = [];
    took = true;
    document.body.innerHTML = `
      <span data-part="on-duty" hidden></span><button data-part="shift-end" hidden></button>
      <section data-part="shift-banner" hidden><form data-part="shift-form"><input data-part="shift-pin"></form></section>`;
    bar = new ShiftBar((key, values) => `${key} ${values?.["code"] ?? ""} ${values?.["since"] ?? ""}`, "Asia/Jakarta", (what, body) => {
      sent.push([what, body]);
      return Promise.resolve(took);
    });
  });

  it("asks for the PIN while there is none, and sends it once", () => {
    bar.show(null, []);
    expect(find("shift-banner").hidden).toBe(false);
    expect(find("shift-end").hidden).toBe(true);
    find("shift-form").dispatchEvent(new Event("submit"));
    expect(sent).toEqual([]);
    find<HTMLInputElement>("shift-pin").value = " 481526 ";
    find("shift-form").dispatchEvent(new Event("submit"));
    expect(sent).toEqual([["start", { pin: "481526" }]]);
    expect(find<HTMLInputElement>("shift-pin").value).toBe("");
  });

  it("says since when, in the prison's time, and who else is on duty", () => {
    bar.show({ since: AT_NINE, wall: "" }, [
      { code: "W-202", since: AT_NINE, wall: "", here: true, calls: 0 },
      { code: "W-203", since: AT_NINE, wall: "", here: false, calls: 0 },
    ]);
    expect(find("shift-banner").hidden).toBe(true);
    expect(find("on-duty").textContent).toBe("duty_own  09.05 · duty_other W-202 09.05 · duty_away W-203 09.05");
    find("shift-end").click();
    expect(sent).toEqual([["end", {}]]);
  });
});

// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";

import type { Offer, OnDuty } from "../call/messages";
import type { Body } from "./acts";
import { Handovers, type HandoverStep } from "./handover";

const OTHER: OnDuty = { code: "W-203", since: 0, wall: "", here: true, calls: 1 };

function offer(change: Partial<Offer> = {}): Offer {
  return { by: "W-202", to: "W-203", mine: true, accepted: false, calls: [{ ref: "c-1", station: "Bilik 1", inmate: "Budi" }], ...change };
}

describe("handing over", () => {
  let sent: [HandoverStep, Body][];
  let took: boolean;
  let handovers: Handovers;
  const find = <T extends HTMLElement>(name: string): T => document.querySelector(`[data-part="${name}"]`) as T;
  const rows = (): HTMLElement[] => [...find("handovers").querySelectorAll("section")];

  beforeEach(() => {
    sent = [];
    took = true;
    document.body.innerHTML = `
      <button data-part="handover-all" hidden></button>
      <div data-part="handovers"></div>
      <template data-part="handover-template"><section><b data-part="handover-words"></b><i data-part="handover-calls"></i>
        <form data-part="handover-form" hidden><input data-part="handover-pin"><button type="button" data-part="handover-decline"></button></form>
        <button data-part="handover-withdraw" hidden></button></section></template>
      <dialog data-part="handover-dialog"><form method="dialog"><p data-part="handover-about"></p><p data-part="handover-nobody"></p>
        <ul data-part="handover-list"></ul></form></dialog>`;
    handovers = new Handovers((key, values) => [key, values?.["who"] ?? values?.["code"] ?? ""].join(" ").trim(), (step, body) => {
      sent.push([step, body]);
      return Promise.resolve(took);
    });
  });

  it("is offered to whoever is on duty, all calls or one", async () => {
    handovers.show([], [OTHER], 2);
    expect(find("handover-all").hidden).toBe(false);
    const done = handovers.offer(null);
    expect(find("handover-nobody").hidden).toBe(true);
    const choice = find("handover-list").querySelector("button") as HTMLButtonElement;
    expect([choice.value, choice.textContent]).toEqual(["W-203", "handover_officer W-203"]);
    find<HTMLDialogElement>("handover-dialog").close("W-203");
    await done;
    expect(sent).toEqual([["offer", { to: "W-203" }]]);
  });

  it("offers nothing when the dialog is left, and says when nobody is there", async () => {
    handovers.show([], [], 0);
    expect(find("handover-all").hidden).toBe(true);
    const done = handovers.offer(null);
    expect(find("handover-nobody").hidden).toBe(false);
    find<HTMLDialogElement>("handover-dialog").close("");
    await done;
    expect(sent).toEqual([]);
  });

  it("can be taken back until it is over", () => {
    handovers.show([offer()], [OTHER], 1);
    expect(rows()[0]?.textContent).toContain("handover_waiting W-203");
    expect(find("handover-form").hidden).toBe(true);
    find("handover-withdraw").click();
    expect(sent).toEqual([["withdraw", { to: "W-203" }]]);
    handovers.show([offer({ accepted: true })], [OTHER], 1);
    expect(rows()[0]?.textContent).toContain("handover_coming W-203");
    handovers.show([], [OTHER], 0);
    expect(rows()).toEqual([]);
  });

  it("is accepted with the PIN, once; a wrong one keeps the field", async () => {
    took = false;
    handovers.show([offer({ mine: false })], [], 0);
    expect(rows()[0]?.textContent).toContain("handover_offered W-202");
    find("handover-form").dispatchEvent(new Event("submit"));
    expect(sent).toEqual([]);
    find<HTMLInputElement>("handover-pin").value = " 481526 ";
    find("handover-form").dispatchEvent(new Event("submit"));
    expect(sent).toEqual([["accept", { by: "W-202", pin: "481526" }]]);
    await Promise.resolve();
    expect(find<HTMLInputElement>("handover-pin").value).toBe("");
    find("handover-decline").click();
    expect(sent[1]).toEqual(["decline", { by: "W-202" }]);
    handovers.show([offer({ mine: false, accepted: true })], [], 1);
    expect(rows(), "who accepted watches already").toEqual([]);
  });
});

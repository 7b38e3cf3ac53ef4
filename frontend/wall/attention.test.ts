// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";

import type { Body } from "./acts";
import { AttentionBanner } from "./attention";

describe("the attention check", () => {
  let sent: Body[];
  let banner: AttentionBanner;
  const find = <T extends HTMLElement>(name: string): T => document.querySelector(`[data-part="${name}"]`) as T;

  beforeEach(() => {
    sent = [];
    document.body.innerHTML = `
      <section data-part="attention-banner" hidden><b data-part="attention-words"></b><i data-part="attention-left"></i>
        <button data-part="attention"></button>
        <form data-part="attention-form"><input data-part="attention-pin"></form></section>`;
    banner = new AttentionBanner((key, values) => `${key}${values?.["count"] ?? ""}`, (body) => {
      sent.push(body);
      return Promise.resolve(true);
    });
  });

  it("stays away while nothing is asked, and a key then sends nothing", async () => {
    banner.show(null);
    await banner.tap();
    banner.show({ state: "calm", left_s: 300 });
    await banner.tap();
    expect(find("attention-banner").hidden).toBe(true);
    expect(sent).toEqual([]);
  });

  it("asks for one tap in time", async () => {
    banner.show({ state: "asked", left_s: 42 });
    expect(find("attention").hidden).toBe(false);
    expect(find("attention-form").hidden).toBe(true);
    expect(find("attention-left").textContent).toBe("attention_left42");
    await banner.tap();
    expect(sent).toEqual([{}]);
  });

  it("wants the PIN after a missed check, and does not keep it", async () => {
    banner.show({ state: "missed", left_s: 0 });
    await banner.tap();
    expect(find("attention").hidden).toBe(true);
    find<HTMLInputElement>("attention-pin").value = "481526";
    find("attention-form").dispatchEvent(new Event("submit"));
    await Promise.resolve();
    expect(sent).toEqual([{ pin: "481526" }]);
    expect(find<HTMLInputElement>("attention-pin").value).toBe("");
  });
});

import { describe, expect, it } from "vitest";
import { sendSupport } from "./support";

function answering(...answers: (boolean | Error)[]): { post: (url: string, init: RequestInit) => Promise<Response>; bodies: string[] } {
  const bodies: string[] = [];
  return {
    bodies,
    post: (_url, init) => {
      bodies.push(String(init.body));
      const next = answers.shift();
      return next instanceof Error ? Promise.reject(next) : Promise.resolve({ ok: next } as Response);
    },
  };
}

describe("asking for support", () => {
  it("is sent with the words and told as sent", async () => {
    const { post, bodies } = answering(true);
    expect(await sendSupport("/visits/x/support/", "c", "ibu sakit", post)).toBe(true);
    expect(bodies).toEqual(["words=ibu+sakit"]);
  });

  it("is tried once more when the answer was lost", async () => {
    const { post, bodies } = answering(new Error("lost"), true);
    expect(await sendSupport("/x", "c", "", post)).toBe(true);
    expect(bodies).toHaveLength(2);
  });

  it("a refusal is final and told as not sent", async () => {
    const { post, bodies } = answering(false);
    expect(await sendSupport("/x", "c", "", post)).toBe(false);
    expect(bodies).toHaveLength(1);
  });

  it("never claims what nobody answered", async () => {
    const { post } = answering(new Error("lost"), new Error("lost"));
    expect(await sendSupport("/x", "c", "", post)).toBe(false);
  });
});

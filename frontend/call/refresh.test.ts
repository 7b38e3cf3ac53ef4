// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from "vitest";
import { Refresher } from "./refresh";

let reloads = 0;
let opened: string[] = [];

function page(piece: string): Response {
  return new Response(`<html><body>${piece}</body></html>`, { status: 200 });
}

function refresher(...answers: Response[]): Refresher {
  const fetcher = async (): Promise<Response> => answers.shift() ?? new Response("", { status: 500 });
  return new Refresher({ piece: "room", every: 60_000, open: (address) => opened.push(address) }, fetcher, () => { reloads += 1; });
}

beforeEach(() => {
  reloads = 0;
  opened = [];
  document.body.innerHTML = '<div data-part="room" data-changed="1"><p>first</p></div>';
});

describe("a waiting page", () => {
  test("takes the server's new piece", async () => {
    await refresher(page('<div data-part="room" data-changed="2"><p>second</p></div>')).now();
    expect(document.body.textContent).toContain("second");
  });

  test("leaves the page alone while nothing changed", async () => {
    const before = document.querySelector("p");
    await refresher(page('<div data-part="room" data-changed="1"><p>first</p></div>')).now();
    expect(document.querySelector("p")).toBe(before);
  });

  test("goes where the server opens", async () => {
    await refresher(page('<div data-part="room" data-changed="2" data-open="/station/call/"></div>')).now();
    expect(opened).toEqual(["/station/call/"]);
  });

  test("goes there at once when it was open already", () => {
    document.body.innerHTML = '<div data-part="room" data-open="/x/"></div>';
    refresher().start();
    expect(opened).toEqual(["/x/"]);
  });

  test("stays as it is while the server does not answer", async () => {
    await refresher(new Response("", { status: 500 })).now();
    expect(document.body.textContent).toContain("first");
    expect(reloads).toBe(0);
  });

  test("shows another page whole", async () => {
    await refresher(page("<form>sign in</form>")).now();
    expect(reloads).toBe(1);
  });
});

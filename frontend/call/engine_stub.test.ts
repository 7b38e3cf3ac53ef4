import { expect, test } from "vitest";
import type { EngineOptions, Profile } from "./engine";
import { StubEngine } from "./engine_stub";
import { Totals } from "./quality";

function stub(profile: Profile): { engine: StubEngine; clock: { now: number }; said: string[] } {
  const clock = { now: 0 };
  const said: string[] = [];
  const options: EngineOptions = {
    door: "/door/v-1", iceServers: [], profile, media: { audio: null, video: null },
    events: { status: (status) => said.push(status), tracks: () => undefined, playbackBlocked: () => undefined },
  };
  return { engine: new StubEngine(options, () => clock.now), clock, said };
}

async function totalsOf(engine: StubEngine, totals: Totals): Promise<Totals> {
  const sample = await engine.sample();
  if (sample !== null) totals.add(sample);
  return totals;
}

test("the stub counts on while it is joined, over a rejoin too", async () => {
  const { engine, clock, said } = stub("phone");
  const totals = new Totals();
  expect(await engine.sample()).toBeNull();
  engine.join();
  clock.now = 2000;
  expect((await totalsOf(engine, totals)).sent).toEqual({ audio: 100, video: 30 });
  engine.rejoin();
  clock.now = 3000;
  expect((await totalsOf(engine, totals)).end("inmate")).toEqual({ frames: 45, audio: 150 });
  engine.leave();
  expect(said).toEqual(["joining", "joined", "joined", "left"]);
});

test("the stub sends nothing while silent, muted or only watching", async () => {
  const { engine, clock } = stub("station");
  const totals = new Totals();
  engine.join();
  clock.now = 1000;
  engine.silence(true);
  clock.now = 5000;
  engine.silence(false);
  await engine.setMicrophone(false);
  clock.now = 6000;
  expect((await totalsOf(engine, totals)).sent).toEqual({ audio: 50, video: 30 });
  const watcher = stub("watcher");
  watcher.engine.join();
  watcher.clock.now = 4000;
  expect((await totalsOf(watcher.engine, new Totals())).sent).toEqual({ audio: 0, video: 0 });
});

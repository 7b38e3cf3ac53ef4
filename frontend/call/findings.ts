// What the device check has found so far, and what it still waits for before it can be saved.

export type Result = "good" | "weak" | "bad";
export type Check = "camera" | "microphone" | "speaker" | "connection";
export type Findings = Partial<Record<Check, Result>>;

/** The line is measured where it can be; whether it was does not decide. */
const NEEDED: Check[] = ["camera", "microphone", "speaker"];

export function untried(found: Findings): Check[] {
  return NEEDED.filter((check) => found[check] === undefined);
}

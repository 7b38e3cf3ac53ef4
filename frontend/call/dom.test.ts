import { describe, expect, it } from "vitest";
import { ask } from "./dom";

/** As browsers do it: closed at once, told later. */
class Dialog extends EventTarget {
  open = false;
  returnValue = "";
  private untold = 0;

  showModal(): void { this.open = true; }
  close(value: string): void { [this.open, this.returnValue] = [false, value]; this.untold += 1; }
  tell(): void { for (; this.untold > 0; this.untold -= 1) this.dispatchEvent(new Event("close")); }
}

const asked = (dialog: Dialog): Promise<string> => ask(dialog as unknown as HTMLDialogElement);

describe("a dialog's answer", () => {
  it("is the value of the button that closes it", async () => {
    const dialog = new Dialog();
    const answer = asked(dialog);
    dialog.close("threat");
    dialog.tell();
    expect(await answer).toBe("threat");
  });

  it("is that of its own question when it is opened again before its last closing was told", async () => {
    const dialog = new Dialog();
    const first = asked(dialog);
    dialog.close("");
    const second = asked(dialog);
    dialog.tell();
    dialog.close("threat");
    dialog.tell();
    expect([await first, await second]).toEqual(["", "threat"]);
  });
});

// A small form for the officer's own PIN: it is sent once, never stays in the field, and a wrong one is asked for again.

/** `send`: true when the server took it. */
export function wirePin(form: HTMLFormElement, field: HTMLInputElement, send: (pin: string) => Promise<boolean>): void {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const pin = field.value.trim();
    field.value = "";
    if (pin !== "") void send(pin).then((took) => { if (!took) field.focus(); });
  });
}

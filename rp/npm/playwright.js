// Helpers for tests that drive a browser with Playwright. They call a page's methods and import
// nothing: any object with these methods will do.

/** Opens the card's window by what act does on a page, as pressing the page's button, and gives the window. */
export async function cardWindow(page, act) {
  const [window] = await Promise.all([page.waitForEvent('popup'), act()]);
  await window.waitForURL(/\/window\/requests\//);
  return window;
}

/** Lays a card on the reader in the card's window, in place of another one. */
export async function layCard(window, card) {
  const laid = window.locator(`[data-testid="reader-card"][data-card="${card}"]`);
  if (await laid.count()) return;
  const choice = window.locator(`[data-testid="tray-card"][data-card="${card}"]`);
  const toggle = window.getByTestId('tray-toggle');
  if (await toggle.count() && !(await choice.isVisible())) await toggle.click();
  await choice.click();
  await laid.waitFor();
}

/** Types a PIN in the card's window, and sends it to the card. */
export async function typePIN(window, pin) {
  await window.getByTestId('pin-input').fill(pin);
  await window.getByTestId('pin-submit').click();
}

/** The code of what the card's window refuses, as `wrong_pin` or `pin_blocked`. */
export function trouble(window) { return window.getByTestId('trouble').first().getAttribute('data-code'); }

/** Does all of it: opens the window by act, lays the card, types the PIN, and waits until the window is closed. */
export async function answer(page, act, { card, pin }) {
  const window = await cardWindow(page, act);
  const closed = window.isClosed() ? Promise.resolve() : window.waitForEvent('close');
  await layCard(window, card);
  await typePIN(window, pin);
  await closed;
}

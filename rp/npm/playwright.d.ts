/** What the helpers use of a locator of Playwright. */
export interface Locator {
  count(): Promise<number>;
  first(): Locator;
  isVisible(): Promise<boolean>;
  click(): Promise<void>;
  fill(text: string): Promise<void>;
  waitFor(): Promise<void>;
  getAttribute(name: string): Promise<string | null>;
}

/** What the helpers use of a page of Playwright. */
export interface Page {
  locator(selector: string): Locator;
  getByTestId(id: string): Locator;
  waitForEvent(event: any): Promise<any>;
  waitForURL(url: RegExp): Promise<void>;
  isClosed(): boolean;
}

export function cardWindow<P extends Page>(page: P, act: () => Promise<unknown>): Promise<P>;
export function layCard(window: Page, card: string): Promise<void>;
export function typePIN(window: Page, pin: string): Promise<void>;
export function trouble(window: Page): Promise<string | null>;
export function answer(page: Page, act: () => Promise<unknown>, with_: { card: string; pin: string }): Promise<void>;

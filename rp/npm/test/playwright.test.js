import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { start } from '../jpkimock.js';
import { answer, cardWindow, layCard, trouble, typePIN } from '../playwright.js';

// JPKIMOCK_PLAYWRIGHT is the folder of a package of Playwright, and JPKIMOCK_CHROMIUM a browser.
const folder = process.env.JPKIMOCK_PLAYWRIGHT;

for (const args of [[], ['--tls']]) test(`the card's window by its test IDs ${args}`, { skip: folder ? false : 'JPKIMOCK_PLAYWRIGHT is not set' }, async (t) => {
  const { chromium } = createRequire(import.meta.url)(folder);
  let town;
  let browser;
  before(async () => {
    [town, browser] = await Promise.all([start({ args }), chromium.launch({ executablePath: process.env.JPKIMOCK_CHROMIUM })]);
  });
  after(async () => {
    await browser.close();
    await town.stop();
  });

  await t.test('a sign-in', async () => {
    const page = await browser.newPage({ ignoreHTTPSErrors: true }); // the CA is not in the browser's store
    await page.goto(`${town.urls.bank}/signin`);
    const { card, authenticationPIN: pin } = town.person('taro');
    await answer(page, () => page.getByTestId('signin-button').click(), { card, pin });
    await page.getByTestId('statement').waitFor();
    assert.match(page.url(), /\/accounts\//);
  });
  await t.test('a wrong PIN', async () => {
    const page = await browser.newPage({ ignoreHTTPSErrors: true }); // the CA is not in the browser's store
    await page.goto(`${town.urls.bank}/signin`);
    const window = await cardWindow(page, () => page.getByTestId('signin-button').click());
    await layCard(window, 'card-hanako');
    await layCard(window, 'card-misaki');
    await typePIN(window, '0000');
    await window.getByTestId('trouble').first().waitFor();
    assert.equal(await trouble(window), 'wrong_pin');
  });
});

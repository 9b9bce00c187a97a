import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Refused, attach, start } from '../jpkimock.js';

for (const args of [[], ['--tls']]) {
  test(`a town ${args}`, async (t) => {
    let town;
    before(async () => { town = await start({ args }); });
    after(() => town.stop());

    await t.test('signs', async () => {
      const cms = await town.sign('hanako', 'こんにちは');
      assert.equal(cms[0], 0x30); // a SEQUENCE
      await assert.rejects(town.sign('hanako', 'x', { pin: 'WRONG123' }), (err) => err instanceof Refused && err.code === 'wrong_pin' && err.status === 403);
      await assert.rejects(async () => town.sign('nobody', 'x'), /nobody/);
    });
    await t.test('authenticates and signs in', async () => {
      const token = await town.authenticate('taro', { origin: town.urls.bank, nonce: Buffer.alloc(32, 1).toString('base64') });
      assert.equal(token.format, 'web-eid:1.0');
      const seen = await town.login('taro', `${town.urls.bank}/signin`);
      assert.equal(seen.status, 200);
      await assert.rejects(town.login('akira', `${town.urls.bank}/signin`)); // a suspended card
    });
    await t.test('moves people and the clock, and puts all of it back', async () => {
      const before = await town.now('hanako');
      await town.trigger('move', 'hanako');
      assert.notEqual((await town.now('hanako')).address, before.address);
      await assert.rejects(town.trigger('fly', 'hanako'), (err) => err.code === 'no_event');
      const then = await town.time();
      await town.advance({ days: 2 });
      assert.ok((await town.time()) - then >= 2 * 86_400_000);
      await town.lay('taro', 'home');
      assert.equal((await town.now('taro')).card.reader, 'home');
      await town.reset();
      assert.equal((await town.now('hanako')).address, before.address);
      assert.ok((await town.people()).length > 10);
    });
    await t.test('fails as it is told', async () => {
      await town.fault('bank', 'error');
      await assert.rejects(town.ask('POST', `${town.urls.bank}/signin/challenge`, {}), (err) => err.code === 'fault' && err.status === 503);
      await town.endFaults();
    });
    await t.test('is found by its ready file', async () => {
      const again = await attach(town.readyFile);
      assert.deepEqual(again.urls, town.urls);
      assert.equal((await again.sign('taro', 'x'))[0], 0x30);
      await again.stop(); // which began nothing
      assert.ok(await town.time());
    });
  });
}

test('a binary that is not there is an error', async () => {
  await assert.rejects(start({ binary: '/no/such/jpkimock' }), /no\/such/);
});

test('a town that does not start says why', async () => {
  await assert.rejects(start({ args: ['--no-such-flag'] }), /no-such-flag/);
});

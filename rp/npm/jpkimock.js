// A town of jpkimock for tests in Node: start it from its binary, play its citizens, stop it.
// Standard library of Node alone.
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a house refuses: the status and the code of docs/errors.md. */
export class Refused extends Error {
  constructor(method, url, status, problem) {
    super(`${method} ${url}: HTTP ${status} ${problem.code ?? ''} ${problem.detail ?? ''}`.trimEnd());
    this.name = 'Refused';
    Object.assign(this, { status, code: problem.code ?? '', problem });
  }
}

/** Starts a town of its own on free ports, which keeps nothing, and waits until all houses answer. */
export async function start(options = {}) {
  const binary = options.binary ?? process.env.JPKIMOCK_BINARY ?? 'jpkimock';
  const folder = await mkdtemp(join(tmpdir(), 'jpkimock-'));
  const file = join(folder, 'ready.json');
  const child = spawn(binary, ['up', '--ephemeral', '--base-port', '0', '--ready-file', file, ...(options.args ?? [])],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...options.env } });
  let said = '';
  try {
    await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`jpkimock was not ready in time:\n${said}`)), options.timeout ?? 120_000);
      const hear = (text) => {
        said = (said + text).slice(-20_000);
        if (said.includes('Ctrl-C')) resolve(clearTimeout(late)); // it greets after it has written the ready file
      };
      child.stdout.setEncoding('utf8').on('data', hear);
      child.stderr.setEncoding('utf8').on('data', hear);
      child.once('error', (err) => { clearTimeout(late); reject(new Error(`jpkimock: ${binary}: ${err.message}`)); });
      child.once('exit', (code) => { clearTimeout(late); reject(new Error(`jpkimock ended with ${code}:\n${said}`)); });
    });
    return new Town(JSON.parse(await readFile(file, 'utf8')), { binary, child, folder, file });
  } catch (err) {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
    throw err;
  }
}

/** A town that runs, by its ready file. Stopping it does nothing. */
export async function attach(file, options = {}) {
  return new Town(JSON.parse(await readFile(file, 'utf8')), { binary: options.binary ?? process.env.JPKIMOCK_BINARY ?? 'jpkimock', file });
}

/** A running town. */
export class Town {
  #process;

  constructor(ready, process) {
    this.ready = ready;
    this.urls = ready.urls;
    this.keys = ready.keys;
    this.readyFile = process.file;
    this.#process = process;
  }

  /** A person of the world with card and PINs, as the ready file has them. */
  person(id) {
    const found = this.ready.personas.find((p) => p.id === id);
    if (!found) throw new Error(`jpkimock: nobody is called ${id}`);
    return found;
  }

  /** Signs a document with a person's card. Gives detached CMS SignedData, DER. */
  async sign(person, document, options = {}) {
    const p = this.person(person);
    const content = Buffer.from(document).toString('base64');
    const answer = await this.ask('POST', `${this.urls.card}/v1/sign`, {
      card: p.card, pin: options.pin ?? p.signaturePIN, origin: options.origin ?? 'http://localhost:3000',
      document: { name: options.name ?? 'document.txt', mediaType: options.mediaType ?? 'text/plain; charset=utf-8', content },
    });
    return Buffer.from(answer.cms, 'base64');
  }

  /** Answers a challenge with a person's card. Gives a Web eID authentication token. */
  authenticate(person, { origin, nonce, pin }) {
    const p = this.person(person);
    return this.ask('POST', `${this.urls.card}/v1/authenticate`, { card: p.card, pin: pin ?? p.authenticationPIN, origin, nonce });
  }

  /** Signs a person in at a page that asks for a card by card.js, without a browser: `jpkimock login`. */
  async login(person, page, options = {}) {
    const p = this.person(person);
    const args = ['login', '--town', this.urls.lobby, '--card', p.card, '--pin', options.pin ?? p.authenticationPIN];
    if (this.ready.tls) args.push('--ca', this.#process.file);
    for (const button of options.press ?? []) args.push('--press', button);
    const { stdout } = await run(this.#process.binary, [...args, page]);
    return JSON.parse(stdout);
  }

  /** Lets something happen to a person: move, marry, renew, lose, find, block-pin, unblock-pin, break-key, die. */
  trigger(event, person, details = {}) {
    return this.#manage('POST', `people/${encodeURIComponent(person)}/events/${encodeURIComponent(event)}`, details);
  }

  /** Everybody, or one person, as they are now. */
  async people() { return (await this.#manage('GET', 'people')).people; }
  now(person) { return this.#manage('GET', `people/${encodeURIComponent(person)}`); }

  /** Lays a person's card on a reader; an empty name takes it away. */
  lay(person, reader = 'home') { return this.#manage('PUT', `people/${encodeURIComponent(person)}/card`, { reader }); }

  /** The town's clock. */
  async time() { return new Date((await this.#manage('GET', 'clock')).now); }
  advance(calendar) { return this.#manage('PUT', 'clock', { advance: calendar, wait: true }); }
  setTime(at) { return this.#manage('PUT', 'clock', { now: new Date(at).toISOString(), wait: true }); }

  /** Switches faults of a house on; `with` narrows them. */
  fault(house, on, settings) { return this.#manage('PUT', `faults/${encodeURIComponent(house)}`, { on: [on].flat(), ...(settings && { with: settings }) }); }
  endFaults() { return this.#manage('DELETE', 'faults'); }

  /** Keeps the town under a name, and puts it back: to how it was planted, if no name is given. */
  save(name) { return this.#manage('PUT', `snapshots/${encodeURIComponent(name)}`); }
  reset(name = 'beginning') { return this.#manage('POST', `snapshots/${encodeURIComponent(name)}/restore`); }

  #manage(method, path, body) {
    if (!this.ready.manage) return Promise.reject(new Error('jpkimock: the town has no management interface'));
    return this.ask(method, `${this.ready.manage}/v1/${path}`, body);
  }

  /** Asks any house in JSON, and trusts the town's CA where it answers by https. */
  ask(method, url, body, headers = {}) {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const options = { method, ca: this.ready.tls?.ca, headers: { Accept: 'application/json', ...(text && { 'Content-Type': 'application/json' }), ...headers } };
    return new Promise((resolve, reject) => {
      const request = (url.startsWith('https:') ? https : http).request(url, options, (answer) => {
        let said = '';
        answer.setEncoding('utf8').on('data', (part) => { said += part; }).on('error', reject).on('end', () => {
          let value;
          try { value = said ? JSON.parse(said) : undefined; } catch { value = { detail: said.slice(0, 200) }; }
          if (answer.statusCode >= 200 && answer.statusCode < 300) resolve(value);
          else reject(new Refused(method, url, answer.statusCode, value ?? {}));
        });
      });
      request.on('error', reject).end(text);
    });
  }

  /** Ends the town that start began, and waits until it has. */
  async stop() {
    const { child, folder } = this.#process;
    if (!child) return;
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => { child.once('exit', resolve); });
      child.kill('SIGTERM');
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]() { await this.stop(); }
}

/** Settings of start. */
export interface StartOptions {
  /** Path of the binary; else JPKIMOCK_BINARY, else `jpkimock` on the PATH. */
  binary?: string;
  /** Further flags, as `['--tls']`. */
  args?: string[];
  /** Further environment. */
  env?: Record<string, string>;
  /** Milliseconds until the houses must answer; 120,000 by default. */
  timeout?: number;
}

/** A person of the world. The PINs are published. */
export interface Persona {
  id: string;
  name: string;
  state: string;
  card: string;
  authenticationPIN: string;
  signaturePIN: string;
  account?: string;
  certificates?: { kind: string; serial: string; state: string; notAfter: string }[];
}

/** The ready file (docs/interfaces.md). Within version 1 members are only added. */
export interface Ready {
  version: 1;
  urls: Record<string, string>;
  manage?: string;
  issuer?: string;
  tls?: { ca: string; file?: string };
  keys: Record<string, string>;
  verifiers: Record<string, { id: string; key: string; ocsp: Record<string, string>; crl: Record<string, string> }>;
  authorities?: Record<string, { ca: string; responder: string; ocsp: string; crl: string }>;
  clients?: { clientId: string; redirectUris: string[]; scopes: string[]; tokenEndpointAuthMethod: string; alg: string; key?: Record<string, string> }[];
  desks?: { house: string; name: string; nameEn: string; url: string; officers: string[] }[];
  personas: Persona[];
}

/** Where `jpkimock login` ended. */
export interface Seen {
  url: string;
  status: number;
  heading: string;
  cookies?: Record<string, string>;
  refused?: boolean;
}

/** What can happen to people. */
export type Event = 'move' | 'marry' | 'renew' | 'lose' | 'find' | 'block-pin' | 'unblock-pin' | 'break-key' | 'die';

/** What narrows a fault. */
export interface FaultSetting { percent?: number; count?: number; delay?: string; caller?: string; person?: string }

/** What a house refuses, with its code (docs/errors.md). */
export class Refused extends Error {
  status: number;
  code: string;
  problem: Record<string, unknown>;
}

/** Starts a town of its own on free ports, which keeps nothing. */
export function start(options?: StartOptions): Promise<Town>;
/** A town that runs, by its ready file. */
export function attach(readyFile: string, options?: { binary?: string }): Promise<Town>;

/** A running town. */
export class Town {
  readonly ready: Ready;
  readonly urls: Record<string, string>;
  readonly keys: Record<string, string>;
  /** Its path. */
  readonly readyFile: string;
  /** Throws where nobody has this ID. */
  person(id: string): Persona;
  /** Detached CMS SignedData, DER. Rejects with Refused: `wrong_pin`, `pin_blocked`, … */
  sign(person: string, document: string | Uint8Array, options?: { origin?: string; name?: string; mediaType?: string; pin?: string }): Promise<Buffer>;
  /** A Web eID authentication token. The nonce is in base64. */
  authenticate(person: string, challenge: { origin: string; nonce: string; pin?: string }): Promise<Record<string, string>>;
  /** Rejects where the page or the card refuses. `press` are data-testids of buttons pressed afterwards. */
  login(person: string, page: string, options?: { pin?: string; press?: string[] }): Promise<Seen>;
  trigger(event: Event, person: string, details?: { address?: string; name?: string }): Promise<Record<string, unknown>>;
  people(): Promise<Record<string, unknown>[]>;
  now(person: string): Promise<Record<string, unknown>>;
  lay(person: string, reader?: string): Promise<Record<string, unknown>>;
  time(): Promise<Date>;
  advance(calendar: { years?: number; months?: number; days?: number }): Promise<Record<string, unknown>>;
  setTime(at: Date | string): Promise<Record<string, unknown>>;
  fault(house: string, on: string | string[], settings?: FaultSetting): Promise<Record<string, unknown>>;
  endFaults(): Promise<Record<string, unknown>>;
  save(name: string): Promise<Record<string, unknown>>;
  /** Sessions and faults end. */
  reset(name?: string): Promise<Record<string, unknown>>;
  ask<T = unknown>(method: string, url: string, body?: unknown, headers?: Record<string, string>): Promise<T>;
  stop(): Promise<void>;
}

// Types of card.js, which defines the global JPKICard. Its first comment is its manual.

/** A Web eID authentication token, as the card's agent answers it. */
interface JPKIToken {
  unverifiedCertificate: string; // DER in base64
  algorithm: "RS256";
  signature: string; // base64, over SHA-256(origin) and SHA-256(nonce)
  format: "web-eid:1.0";
  appVersion: string;
  attributes?: string; // a JWT of the card's software: what a page asked of the holder
}

/** The signature of a SHA-256: PKCS #1 v1.5 over its DigestInfo, with the digital signature certificate. */
interface JPKIDigestToken {
  unverifiedCertificate: string; // DER in base64
  algorithm: "RS256";
  signature: string; // base64
  format: "jpki-digest:1";
  appVersion: string;
}

/** One of the four basic data, as the card has it. */
type JPKIAttribute = "name" | "address" | "birthdate" | "gender";

/** A document to be signed. */
interface JPKIDocument {
  name: string;
  mediaType: string;
  content: string; // base64
}

/** Why there is no answer: one of the agent's codes, or cancelled, popup_blocked, agent_unavailable, malformed, busy. */
interface JPKICardError extends Error {
  readonly name: "JPKICardError";
  readonly code: string;
  readonly triesLeft?: number;
}

declare const JPKICard: {
  readonly JPKICardError: new (code: string, message?: string, triesLeft?: number) => JPKICardError;
  /** Must be called while the browser handles a click. Rejects with a JPKICardError. */
  authenticate(question: { agent: string; nonce: string; attributes?: JPKIAttribute[] }): Promise<JPKIToken>;
  /** Must be called while the browser handles a click. Gives detached CMS SignedData, DER in base64. */
  sign(question: { agent: string; document: JPKIDocument }): Promise<string>;
  /** For the common platform alone. Must be called while the browser handles a click. Gives a token of the format jpki-digest:1. */
  signDigest(question: { agent: string; service: string; digest: string }): Promise<JPKIDigestToken>;
  /** Leaves this page for the agent's, whose answer is posted to returnTo. */
  takeOver(question: {
    agent: string; face: "kiosk" | "tv"; action: "authenticate" | "sign" | "sign-digest"; service?: string; digest?: string; nonce?: string; attributes?: JPKIAttribute[]; document?: JPKIDocument; returnTo: string;
  }): void;
  /** Calls gone, once, when the card that answered there is taken away. Gives what stops it. */
  watch(question: { agent: string; presence: string; gone: () => void }): () => void;
  takeAway(question: { agent: string; presence: string }): Promise<boolean>;
};

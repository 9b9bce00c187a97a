// A relying party in Node, without a package: it asks for a card, and knows who came.
//
// Settings come from the environment, under the names of the town's env file (docs/integrate.md):
// JPKI_AUTHORITY_URL, JPKI_CARD_URL, JPKI_BANK_VERIFIER_KEY, and PORT for itself.
import { createHash, randomBytes, verify as verifies, X509Certificate } from "node:crypto";
import { createServer } from "node:http";
import { Authority, Refused } from "../partner-node/verify.mjs";

const { JPKI_AUTHORITY_URL: authority, JPKI_CARD_URL: agent, JPKI_BANK_VERIFIER_KEY: key, PORT: port = "9000" } = process.env;
const origin = `http://127.0.0.1:${port}`;
const kind = "user-authentication";
const ca = await (await fetch(`${authority}/ca/${kind}.pem`)).text();
const trust = new Authority({ url: authority, key, ca, kind });
const challenges = new Map(); // cookie: nonce, taken once
const visits = new Map(); // serial number: how often its holder came

const sha256 = (text) => createHash("sha256").update(text).digest();

// signedBy gives the serial number of whoever signed a nonce for this page with a card that is good now.
async function signedBy(text, nonce) {
  let certificate;
  try {
    const token = JSON.parse(text);
    if (token.algorithm !== "RS256" || token.format !== "web-eid:1.0") throw new Error("another format");
    certificate = new X509Certificate(Buffer.from(token.unverifiedCertificate, "base64"));
    const over = Buffer.concat([sha256(origin), sha256(nonce)]);
    if (!verifies("sha256", over, certificate.publicKey, Buffer.from(token.signature, "base64"))) throw new Error("not signed here");
  } catch (e) {
    throw new Refused(403, "token", e.message);
  }
  await trust.isGood(certificate);
  return certificate.serialNumber;
}

const page = (body) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Node</title>${body}</html>`;
const escaped = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

async function body(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    if ((size += part.length) > 1 << 16) throw new Refused(413, "too_large");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

async function answer(request) {
  if (request.method === "GET" && request.url === "/") {
    const cookie = randomBytes(24).toString("base64url");
    const nonce = randomBytes(33).toString("base64");
    if (challenges.size >= 10_000) challenges.delete(challenges.keys().next().value);
    challenges.set(cookie, nonce);
    return [200, `<h1>Sign in</h1><script src="${agent}/card.js"></script>
<form method="post" action="/signin" data-jpki="authenticate" data-jpki-agent="${agent}" data-jpki-nonce="${nonce}" data-jpki-field="token">
<input type="hidden" name="token"><button data-testid="signin">Sign in with your card</button><p role="status" data-jpki-message></p></form>`,
      `challenge=${cookie}; HttpOnly; SameSite=Lax; Path=/`];
  }
  if (request.method !== "POST" || request.url !== "/signin") return [404, "<h1>Nothing is here</h1>"];
  const form = new URLSearchParams(await body(request));
  const cookie = /(?:^|;\s*)challenge=([^;]*)/.exec(request.headers.cookie ?? "")?.[1];
  const nonce = challenges.get(cookie);
  challenges.delete(cookie);
  if (!nonce) throw new Refused(403, "challenge");
  const serial = await signedBy(form.get("token") ?? "", nonce);
  visits.set(serial, (visits.get(serial) ?? 0) + 1);
  return [200, `<h1>Welcome, on your visit ${visits.get(serial)}</h1>`];
}

createServer(async (request, response) => {
  let said;
  try {
    said = await answer(request);
  } catch (e) {
    const status = e instanceof Refused ? e.status : 503;
    said = [status, `<h1 class="refusal">${escaped(String(e.code ?? "unavailable"))}</h1><a href="/">Try again</a>`];
  }
  const [status, text, cookie] = said;
  response.writeHead(status, {
    "Content-Type": "text/html; charset=utf-8", "Referrer-Policy": "strict-origin", ...(cookie && { "Set-Cookie": cookie }),
  }).end(page(text));
}).listen(Number(port), "127.0.0.1");

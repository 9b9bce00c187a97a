// A partner of the portal (連携先事業者) in Node, with nothing but its standard library,
// written from portal/partner/openapi.yaml alone. Its settings are in the environment:
//
//   PORT, PARTNER_ID, PORTAL_KEY     where it listens, its ID, and the portal's key
//   AUTHORITY, ACCREDITATION, CA     the authority's URL, the key there, the CA's PEM file
//   DATA                             the file of its register, JSON: {"customers": [...]}
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, timingSafeEqual } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { createServer } from "node:http";
import { Authority, Refused } from "./verify.mjs";

const env = process.env;
const authority = new Authority({ url: env.AUTHORITY, key: env.ACCREDITATION, ca: readFileSync(env.CA) });
const MAX_BODY = 256 << 10;

// The register: customers {no, name, dateOfBirth, address, connection}, applications by
// ID, and the key of the notices. What is acknowledged is on the disk.
const register = { applications: {}, ...JSON.parse(readFileSync(env.DATA, "utf8")) };
register.key ??= generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "pem", type: "pkcs8" });
const key = createPrivateKey(register.key);
save();

function save() {
  const fresh = openSync(`${env.DATA}.new`, "w", 0o600);
  writeSync(fresh, JSON.stringify(register));
  fsyncSync(fresh);
  closeSync(fresh);
  renameSync(`${env.DATA}.new`, env.DATA);
}

const digest = (text) => createHash("sha256").update(text, "utf8").digest("base64url");
const isID = (s) => typeof s === "string" && /^[A-Za-z0-9_-]{1,64}$/.test(s);
const isText = (s) => typeof s === "string" && s !== "" && [...s].length <= 500 && !/\p{Cc}/u.test(s);
const plain = (s) => s.normalize("NFKC").replace(/\s/g, ""); // how names and addresses are compared

function malformed(unless) {
  if (!unless) throw new Refused(400, "malformed");
}

function customer(no) {
  const found = register.customers.find((c) => c.no === no);
  if (!found) throw new Refused(404, "no_customer");
  return found;
}

function connected(no) {
  const found = customer(no);
  if (!found.connection) throw new Refused(404, "no_customer");
  return found;
}

function jwk() {
  const { kty, crv, x, y } = createPublicKey(key).export({ format: "jwk" });
  const kid = digest(JSON.stringify({ crv, kty, x, y }));
  return { kty, crv, x, y, kid, alg: "ES256", use: "sig" };
}

// seal makes the notice for the citizen's post-office box: a JWS in compact form.
function seal(notice) {
  const part = (o) => Buffer.from(JSON.stringify(o)).toString("base64url");
  const text = `${part({ alg: "ES256", typ: "jpkimock-notice+jws", kid: jwk().kid })}.${part(notice)}`;
  return `${text}.${sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
}

function connect(c) {
  malformed(only(c, ["customer", "name", "dateOfBirth", "certificate", "box"]) && isID(c.customer) && isID(c.box) && isText(c.name)
    && /^[0-9A-F]{2,40}$/.test(c.certificate));
  const found = customer(c.customer);
  if (plain(found.name) !== plain(c.name) || found.dateOfBirth !== c.dateOfBirth) throw new Refused(404, "no_customer");
  found.connection = { certificate: c.certificate, box: c.box };
  save();
}

function disconnect(no) {
  malformed(isID(no));
  const found = register.customers.find((c) => c.no === no);
  if (found?.connection) {
    delete found.connection;
    save();
  }
}

function sameAddress(q) {
  malformed(only(q, ["customer", "address"]) && isID(q.customer) && isText(q.address));
  return { same: plain(connected(q.customer).address) === plain(q.address) };
}

// sheetOf reads the sheet, and makes sure that it is for this partner and was signed.
function sheetOf(a) {
  let sheet;
  try {
    sheet = JSON.parse(a.sheet);
  } catch {
    throw new Refused(422, "sheet");
  }
  const signed = a.document.split("\n").some((line) => line.trim() === digest(a.sheet));
  if (!signed || sheet.application !== a.id || sheet.partner !== env.PARTNER_ID || !/^\d{4}-\d\d-\d\d$/.test(sheet.changedOn)
    || typeof sheet.salt !== "string" || sheet.salt.length < 26) throw new Refused(422, "sheet");
  return sheet;
}

// deliver takes an application once. Between the last question to the authority and what
// is written, nothing else runs.
async function deliver(a) {
  malformed(only(a, ["id", "sheet", "document", "signature"]) && isID(a.id) && typeof a.sheet === "string" && typeof a.document === "string"
    && a.document.length <= 65536 && typeof a.signature === "string");
  const all = digest(`${a.document}\0${a.sheet}`);
  const before = () => {
    const taken = register.applications[a.id];
    if (taken && taken.all !== all) throw new Refused(409, "conflict");
    return taken?.receipt;
  };
  if (before()) return before();
  const sheet = sheetOf(a);
  const earlier = connected(sheet.customer).connection.certificate;
  const signer = await authority.verify(a.document, Buffer.from(a.signature, "base64"));
  if (!await authority.sameHolder(signer.serial, earlier)) throw new Refused(422, "another_person");
  const at = `${new Date(await authority.now()).toISOString().slice(0, 19)}Z`;

  if (before()) return before(); // delivered twice at once
  const found = connected(sheet.customer);
  Object.assign(found, { name: signer.name, address: signer.address });
  const { box } = found.connection;
  found.connection.certificate = signer.serial;
  const receipt = {
    id: a.id, state: "done", at,
    notice: seal({
      jti: `${a.id}-result`, iss: env.PARTNER_ID, sub: box, iat: Date.parse(at) / 1000, title: "変更の手続が完了しました",
      body: `${signer.name}　様\n\nご登録の氏名・住所を変更しました。`, about: a.id,
    }),
  };
  register.applications[a.id] = { all, receipt };
  save();
  return receipt;
}

function receipt(id) {
  const taken = register.applications[id];
  if (!isID(id) || !Object.hasOwn(register.applications, id)) throw new Refused(404, "no_application");
  return taken.receipt;
}

function answer(id, body) {
  malformed(only(body, ["answer"]) && isText(body.answer));
  return receipt(id); // nothing is asked back
}

const only = (o, names) => o !== null && typeof o === "object" && Object.keys(o).every((name) => names.includes(name));

async function body(request) {
  malformed(/^application\/json(;|$)/.test(request.headers["content-type"] ?? ""));
  const all = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    malformed(size <= MAX_BODY);
    all.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(all).toString("utf8"));
  } catch {
    throw new Refused(400, "malformed");
  }
}

async function route(request) {
  const given = createHash("sha256").update(request.headers.authorization ?? "").digest();
  if (!timingSafeEqual(given, createHash("sha256").update(`Bearer ${env.PORTAL_KEY}`).digest())) throw new Refused(401, "wrong_key");
  const [, v1, what, id, last, ...more] = request.url.split("/").map(decodeURIComponent);
  const asked = `${request.method} ${what}${id === undefined ? "" : "/:id"}${last === undefined ? "" : `/${last}`}`;
  if (v1 === "v1" && more.length === 0) {
    switch (asked) {
      case "GET keys": return { keys: [jwk()] };
      case "POST connections": return connect(await body(request));
      case "DELETE connections/:id": return disconnect(id);
      case "POST addresses": return sameAddress(await body(request));
      case "POST applications": return deliver(await body(request));
      case "GET applications/:id": return receipt(id);
      case "POST applications/:id/answers": return answer(id, await body(request));
    }
  }
  throw new Refused(404, "not_found");
}

const server = createServer(async (request, response) => {
  let status;
  let out;
  let type = "application/json";
  try {
    out = await route(request);
    status = out === undefined ? 204 : 200;
  } catch (e) {
    status = e.status ?? 500;
    out = { status, code: e.code ?? "internal", detail: e.status ? e.message : "the problem is on our side" };
    type = "application/problem+json";
    if (!e.status) console.error(e);
  }
  response.writeHead(status, out === undefined ? {} : { "Content-Type": type });
  response.end(out === undefined ? undefined : JSON.stringify(out));
});
server.listen(Number(env.PORT ?? 0), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));

// What a partner makes sure of itself: the signature, the certificate, and whose it is.
import { createHash, createPublicKey, randomBytes, verify as verifies, X509Certificate } from "node:crypto";
import { oid, parts, read, time, write } from "./der.mjs";

const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNED_DATA = "1.2.840.113549.1.7.2";
const SHA256 = "2.16.840.1.101.3.4.2.1";
const BASIC_OCSP = "1.3.6.1.5.5.7.48.1.1";
const NONCE = "1.3.6.1.5.5.7.48.1.2";
const OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
const SUBJECT_ALT_NAME = "2.5.29.17";
const BASIC_FOUR = "1.2.392.200149.8.5.5.";

// What a certificate of a kind must say (docs/formats.md); usage is the octet of keyUsage.
const PROFILES = {
  "digital-signature": { policy: "1.2.392.200149.8.5.1.1.20", usage: 0xc0, purpose: undefined },
  "user-authentication": { policy: "1.2.392.200149.8.5.1.3.30", usage: 0x80, purpose: "1.3.6.1.5.5.7.3.2" },
};

// Refused is a refusal with its code, as the contract names it.
export class Refused extends Error {
  constructor(status, code, detail = code) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

const sha256 = (...octets) => createHash("sha256").update(Buffer.concat(octets)).digest();

// member gives the value of an attribute or extension with an object identifier.
const member = (list, id) => list.map((one) => parts(one, 0x30)).find((one) => oid(one[0]) === id);

// certificateOf verifies a detached CMS SignedData over a document, and gives the
// certificate that signed.
function certificateOf(document, cms) {
  const [type, content] = parts(read(cms), 0x30);
  if (oid(type) !== SIGNED_DATA) throw new Error("not SignedData");
  const [, , encapsulated, certificates, signers] = parts(parts(content, 0xa0)[0], 0x30);
  if (parts(encapsulated, 0x30).length !== 1) throw new Error("the signature is not detached");
  const [one, ...others] = parts(certificates, 0xa0);
  const [signer, ...more] = parts(signers, 0x31);
  if (others.length > 0 || more.length > 0) throw new Error("one certificate and one signer are expected");
  const certificate = new X509Certificate(one.der);

  const [, name, digest, attributes, , signature] = parts(signer, 0x30);
  const [, serial, , issuer] = parts(parts(read(certificate.raw), 0x30)[0], 0x30);
  const [namedIssuer, namedSerial] = parts(name, 0x30);
  if (!namedIssuer.der.equals(issuer.der) || !namedSerial.der.equals(serial.der)) throw new Error("the certificate is not the signer's");
  if (oid(parts(digest, 0x30)[0]) !== SHA256) throw new Error("another digest");
  const list = parts(attributes, 0xa0);
  const said = member(list, MESSAGE_DIGEST);
  if (!said || !member(list, CONTENT_TYPE)) throw new Error("signed attributes are missing");
  if (!parts(said[1], 0x31)[0].content.equals(sha256(document))) throw new Refused(422, "tampered");
  // The signature is over the attributes as a SET (RFC 5652 §5.4).
  const signed = Buffer.concat([Buffer.from([0x31]), attributes.der.subarray(1)]);
  if (!verifies("sha256", signed, certificate.publicKey, signature.content)) throw new Refused(422, "bad_signature");
  return certificate;
}

// extensionsOf gives the extensions of a certificate; every one of the profile has some.
function extensionsOf(certificate) {
  const list = parts(parts(read(certificate.raw), 0x30)[0], 0x30).find((one) => one.tag === 0xa3);
  return list ? parts(parts(list)[0], 0x30) : [];
}

// checkProfile refuses a certificate of another kind, a CA's, and one with a critical extension
// that nothing here reads.
function checkProfile(certificate, { policy, usage, purpose }) {
  const found = { policies: [], usage: 0, purposes: [], ca: false };
  for (const one of extensionsOf(certificate)) {
    const [type, ...rest] = parts(one, 0x30);
    const value = read(rest.at(-1).content);
    switch (oid(type)) {
      case "2.5.29.15":
        found.usage = value.content[1];
        break;
      case "2.5.29.32":
        found.policies = parts(value, 0x30).map((each) => oid(parts(each, 0x30)[0]));
        break;
      case "2.5.29.37":
        found.purposes = parts(value, 0x30).map(oid);
        break;
      case "2.5.29.19":
        found.ca = parts(value, 0x30).some((each) => each.tag === 0x01 && each.content[0] !== 0);
        break;
      case "2.5.29.17":
        break;
      default:
        if (rest.length > 1) throw new Refused(422, "critical_extension");
    }
  }
  if (found.ca || found.usage !== usage || !found.policies.includes(policy)) throw new Refused(422, "another_kind");
  if (purpose ? found.purposes.length > 0 && !found.purposes.includes(purpose) : found.purposes.length > 0) throw new Refused(422, "another_kind");
}

// basicFour reads name (1), gender (3), date of birth (4) and address (5) in a certificate.
function basicFour(certificate) {
  const names = member(extensionsOf(certificate), SUBJECT_ALT_NAME);
  const found = {};
  for (const one of parts(read(names.at(-1).content), 0x30)) {
    if (one.tag !== 0xa0) continue;
    const [type, value] = parts(one);
    const id = oid(type);
    if (id.startsWith(BASIC_FOUR)) found[id.slice(BASIC_FOUR.length)] = parts(value, 0xa0)[0].content.toString("utf8");
  }
  if (!found[1] || !found[5]) throw new Error("the certificate has no basic four data");
  return { name: found[1], address: found[5] };
}

// Authority is the authority as a verifier asks it.
export class Authority {
  // url is the authority's; key the accreditation; ca the certificate of the CA of this kind in PEM.
  constructor({ url, key, ca, kind = "digital-signature" }) {
    this.url = url;
    this.key = key;
    this.kind = kind;
    this.ca = new X509Certificate(ca);
  }

  async #ask(path, init = {}) {
    const headers = { ...init.headers, Authorization: `Bearer ${this.key}` };
    try {
      return await fetch(this.url + path, { ...init, headers, signal: AbortSignal.timeout(5000) });
    } catch (e) {
      throw new Refused(503, "status_unavailable", String(e));
    }
  }

  // now is the time of the town, whose clock may have been moved.
  async now() {
    const response = await this.#ask("/clock");
    return Date.parse((await response.json()).now);
  }

  // verify verifies document and signature, and gives the signer.
  async verify(document, cms) {
    let certificate;
    let four;
    try {
      certificate = certificateOf(Buffer.from(document, "utf8"), cms);
      four = basicFour(certificate);
    } catch (e) {
      throw e instanceof Refused ? e : new Refused(422, "malformed", e.message);
    }
    await this.isGood(certificate);
    return { ...four, serial: certificate.serialNumber.toUpperCase() };
  }

  // isGood makes sure that a certificate is the CA's, of the kind, and good now.
  async isGood(certificate) {
    try {
      if (!certificate.checkIssued(this.ca) || !certificate.verify(this.ca.publicKey)) throw new Refused(422, "unknown_issuer");
      checkProfile(certificate, PROFILES[this.kind]);
    } catch (e) {
      throw e instanceof Refused ? e : new Refused(422, "malformed", e.message);
    }
    const now = await this.now();
    if (now < Date.parse(certificate.validFrom) || now > Date.parse(certificate.validTo)) throw new Refused(422, "expired");
    await this.#isValid(certificate, now);
  }

  // isValid asks by OCSP (RFC 6960) whether a certificate was revoked.
  async #isValid(certificate, now) {
    const tbs = (c) => parts(parts(read(c.raw), 0x30)[0], 0x30);
    const issuer = tbs(this.ca)[5];
    const [, keyBits] = parts(tbs(this.ca)[6], 0x30);
    const id = write(0x30,
      write(0x30, Buffer.from("06096086480165030402010500", "hex")), // SHA-256
      write(0x04, sha256(issuer.der)), write(0x04, sha256(keyBits.content.subarray(1))), tbs(certificate)[1].der);
    const nonce = write(0x04, randomBytes(32));
    const extension = write(0x30, Buffer.from("06092b0601050507300102", "hex"), write(0x04, nonce));
    const request = write(0x30, write(0x30, write(0x30, write(0x30, id)), write(0xa2, write(0x30, extension))));
    const response = await this.#ask(`/ocsp/${this.kind}`, {
      method: "POST", body: request, headers: { "Content-Type": "application/ocsp-request" },
    });
    let status;
    try {
      status = this.#read(Buffer.from(await response.arrayBuffer()), id, nonce, now);
    } catch (e) {
      throw e instanceof Refused ? e : new Refused(503, "status_responder", e.message);
    }
    if (status !== "good") throw new Refused(422, status);
  }

  #read(answer, id, nonce, now) {
    const [outer, wrapped] = parts(read(answer), 0x30);
    if (outer.content[0] !== 0) throw new Error(`OCSP status ${outer.content[0]}`);
    const [type, octets] = parts(parts(wrapped, 0xa0)[0], 0x30);
    if (oid(type) !== BASIC_OCSP) throw new Error("not a basic response");
    const [data, , signature, certificates] = parts(read(octets.content), 0x30);
    const responder = new X509Certificate(parts(parts(certificates, 0xa0)[0], 0x30)[0].der);
    if (!responder.checkIssued(this.ca) || !responder.verify(this.ca.publicKey) || !responder.keyUsage?.includes(OCSP_SIGNING)
      || now < Date.parse(responder.validFrom) || now > Date.parse(responder.validTo)) throw new Error("not a responder of the CA");
    if (!verifies("sha256", data.der, createPublicKey(responder.publicKey.export({ format: "pem", type: "spki" })), signature.content.subarray(1))) {
      throw new Error("the answer's signature is not good");
    }
    const inside = parts(data, 0x30);
    const extensions = inside.find((one) => one.tag === 0xa1);
    const said = extensions && member(parts(parts(extensions)[0], 0x30), NONCE);
    if (!said || !said.at(-1).content.equals(nonce)) throw new Error("the answer is to another question");
    const [single] = parts(inside.find((one) => one.tag === 0x30), 0x30);
    const [about, state, thisUpdate, ...more] = parts(single, 0x30);
    if (!about.der.equals(id)) throw new Error("the answer is about another certificate");
    const until = more.find((one) => one.tag === 0xa0);
    const minutes = 60_000;
    if (time(thisUpdate) > now + 5 * minutes || !until || time(parts(until)[0]) < now - 5 * minutes) throw new Refused(503, "status_stale");
    if (state.tag === 0x80) return "good";
    if (state.tag !== 0xa1) return "unknown";
    const reason = parts(state)[1];
    return reason && parts(reason, 0xa0)[0].content[0] === 6 ? "suspended" : "revoked";
  }

  // sameHolder says whether a certificate is an earlier one, or one before it.
  async sameHolder(serial, earlier) {
    if (serial === earlier) return true;
    const response = await this.#ask(`/verifier/v1/certificates/digital-signature/${serial}/predecessors`);
    if (response.status === 404) return false;
    if (!response.ok) throw new Refused(503, "status_unavailable");
    const { predecessors } = await response.json();
    return predecessors.includes(earlier);
  }
}

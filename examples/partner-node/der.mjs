// A reader and a writer of DER (X.690), as much as CMS, X.509 and OCSP need here.

// read gives the one value in the buffer: its tag, its contents, and all its octets.
export function read(buffer, whole = true) {
  const [value, rest] = next(buffer);
  if (whole && rest.length > 0) throw new Error("octets are left over");
  return value;
}

function next(b) {
  if (b.length < 2 || (b[0] & 0x1f) === 0x1f) throw new Error("not DER");
  let length = b[1];
  let at = 2;
  if (length === 0x80 || length > 0x84) throw new Error("not a definite length");
  if (length > 0x80) {
    const octets = length - 0x80;
    if (b.length < 2 + octets || b[2] === 0) throw new Error("not the shortest length");
    length = b.readUIntBE(2, octets);
    if (length < 0x80) throw new Error("not the shortest length");
    at += octets;
  }
  if (b.length < at + length) throw new Error("cut off");
  return [{ tag: b[0], content: b.subarray(at, at + length), der: b.subarray(0, at + length) }, b.subarray(at + length)];
}

// parts gives the values inside one that is constructed.
export function parts(value, tag = value.tag) {
  if (value === undefined || value.tag !== tag || !(value.tag & 0x20)) throw new Error("another tag is expected");
  const all = [];
  for (let rest = value.content; rest.length > 0;) {
    const [one, left] = next(rest);
    all.push(one);
    rest = left;
  }
  return all;
}

// oid gives an object identifier with dots.
export function oid(value) {
  if (value?.tag !== 0x06 || value.content.length === 0) throw new Error("an object identifier is expected");
  const numbers = [];
  let n = 0;
  for (const octet of value.content) {
    n = n * 128 + (octet & 0x7f);
    if (!(octet & 0x80)) {
      numbers.push(n);
      n = 0;
    }
  }
  const first = Math.min(Math.floor(numbers[0] / 40), 2);
  return [first, numbers[0] - 40 * first, ...numbers.slice(1)].join(".");
}

// time reads a GeneralizedTime in UTC, without fractions.
export function time(value) {
  const m = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(value?.tag === 0x18 ? value.content.toString("latin1") : "");
  if (!m) throw new Error("a time is expected");
  return Date.UTC(+m[1], +m[2] - 1, +m[3], +m[4], +m[5], +m[6]);
}

// write makes a value of a tag and its contents.
export function write(tag, ...contents) {
  const content = Buffer.concat(contents);
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const short = length.subarray(length.findIndex((octet) => octet !== 0));
  return Buffer.concat([Buffer.from([tag, 0x80 + short.length]), short, content]);
}

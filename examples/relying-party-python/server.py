#!/usr/bin/env python3
"""A relying party in Python's standard library and openssl: it asks for a card, and knows who came.

Settings come from the environment, under the names of the town's env file (docs/integrate.md):
JPKI_AUTHORITY_URL, JPKI_CARD_URL, JPKI_BANK_VERIFIER_KEY, and PORT for itself.
"""
import base64
import datetime
import hashlib
import html
import http.cookies
import http.server
import json
import os
import re
import secrets
import subprocess
import tempfile
import urllib.parse
import urllib.request

AUTHORITY, CARD, KEY = (os.environ[n] for n in ("JPKI_AUTHORITY_URL", "JPKI_CARD_URL", "JPKI_BANK_VERIFIER_KEY"))
PORT = int(os.environ.get("PORT", "9000"))
ORIGIN = f"http://127.0.0.1:{PORT}"
POLICY = "1.2.392.200149.8.5.1.3.30"  # user authentication (利用者証明用)
CHALLENGES = 10_000  # that wait at most: the oldest is forgotten

folder = tempfile.TemporaryDirectory()
CA = os.path.join(folder.name, "ca.pem")
challenges = {}  # cookie: nonce, taken once
visits = {}  # serial number: how often its holder came


class Refused(Exception):
    """Why a card is not taken."""


def get(address):
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read(1 << 16)


def town_time():
    """The town's clock, which a demonstration moves. In production this is the wall clock."""
    return datetime.datetime.fromisoformat(json.loads(get(AUTHORITY + "/clock"))["now"].replace("Z", "+00:00"))


def openssl(*args, given=None):
    done = subprocess.run(["openssl", *args], input=given, capture_output=True, timeout=20)
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def check_certificate(pem, now):
    """Chain, validity, policy, key usage, critical extensions: what openssl checks when it is asked to."""
    code, said, wrong = openssl("verify", "-x509_strict", "-purpose", "sslclient", "-policy", POLICY, "-explicit_policy",
                                "-attime", str(int(now.timestamp())), "-CAfile", CA, pem)
    if code != 0:
        raise Refused("certificate: " + (said + wrong).strip().splitlines()[-1])
    if "CA:TRUE" in openssl("x509", "-in", pem, "-noout", "-ext", "basicConstraints")[1]:
        raise Refused("certificate: a CA's")


def check_status(pem, now):
    """OCSP, with a nonce. No answer about the status means no."""
    code, said, wrong = openssl("ocsp", "-issuer", CA, "-cert", pem, "-CAfile", CA, "-attime", str(int(now.timestamp())),
                                "-url", f"{AUTHORITY}/ocsp/user-authentication", "-header", f"Authorization=Bearer {KEY}",
                                "-validity_period", str(100 * 365 * 86400))  # openssl would compare with this machine's clock: below
    if code != 0 or wrong.strip() != "Response verify OK":  # a nonce that is missing or another's is told there, too
        raise Refused("status: " + (wrong.strip() or said.strip() or "no answer").splitlines()[-1])
    if not said.startswith(pem + ": good"):
        raise Refused("status: " + said.splitlines()[0].rpartition(": ")[2])
    at = {name: datetime.datetime.strptime(text, "%b %d %H:%M:%S %Y GMT").replace(tzinfo=datetime.timezone.utc)
          for name, text in re.findall(r"(This|Next) Update: (.*)", said)}
    skew = datetime.timedelta(minutes=2)
    if len(at) != 2 or at["This"] > now + skew or at["Next"] < now - skew or at["This"] < now - datetime.timedelta(minutes=15) - skew:
        raise Refused("status: not of now")


def verify(token, nonce):
    """Who laid the card, by the serial number of the certificate."""
    try:
        answer = json.loads(token)
        certificate, signature = (base64.b64decode(answer[name], validate=True) for name in ("unverifiedCertificate", "signature"))
        if answer["algorithm"] != "RS256" or answer["format"] != "web-eid:1.0":
            raise Refused("token: another format")
    except (ValueError, KeyError, TypeError) as e:
        raise Refused("token: malformed") from e
    with tempfile.TemporaryDirectory() as work:
        der, pem, public, signed = (os.path.join(work, name) for name in ("c.der", "c.pem", "p.pem", "s"))
        with open(der, "wb") as f:
            f.write(certificate)
        if openssl("x509", "-inform", "DER", "-in", der, "-out", pem)[0] != 0:
            raise Refused("token: no certificate")
        now = town_time()
        check_certificate(pem, now)
        with open(public, "w", encoding="ascii") as f:
            f.write(openssl("x509", "-in", pem, "-noout", "-pubkey")[1])
        with open(signed, "wb") as f:
            f.write(signature)
        over = hashlib.sha256(ORIGIN.encode()).digest() + hashlib.sha256(nonce.encode()).digest()
        if openssl("dgst", "-sha256", "-verify", public, "-signature", signed, given=over)[0] != 0:
            raise Refused("token: not signed for this page and this challenge")
        check_status(pem, now)
        return openssl("x509", "-in", pem, "-noout", "-serial")[1].strip().rpartition("=")[2]


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path != "/":
            return self.send_error(404)
        cookie, nonce = secrets.token_urlsafe(24), base64.b64encode(secrets.token_bytes(33)).decode()
        while len(challenges) >= CHALLENGES:
            challenges.pop(next(iter(challenges)))
        challenges[cookie] = nonce
        self.answer(200, f"""<h1>Sign in</h1><script src="{CARD}/card.js"></script>
<form method="post" action="/signin" data-jpki="authenticate" data-jpki-agent="{CARD}" data-jpki-nonce="{nonce}" data-jpki-field="token">
<input type="hidden" name="token"><button data-testid="signin">Sign in with your card</button><p role="status" data-jpki-message></p></form>""",
                    f"challenge={cookie}; HttpOnly; SameSite=Lax; Path=/")

    def do_POST(self):
        size = int(self.headers.get("Content-Length") or 0)
        if self.path != "/signin" or not 0 < size <= 1 << 16:
            return self.send_error(404)
        form = urllib.parse.parse_qs(self.rfile.read(size).decode(errors="replace"))
        cookies = http.cookies.SimpleCookie(self.headers.get("Cookie"))
        nonce = challenges.pop(cookies["challenge"].value, None) if "challenge" in cookies else None
        try:
            if nonce is None:
                raise Refused("challenge: none was given here")
            serial = verify(form.get("token", [""])[0], nonce)
        except Refused as why:
            return self.answer(403, f'<h1 class="refusal">{html.escape(str(why))}</h1><a href="/">Try again</a>')
        except (OSError, subprocess.SubprocessError):
            return self.answer(503, '<h1 class="refusal">status: nobody answers</h1><a href="/">Try again</a>')
        visits[serial] = visits.get(serial, 0) + 1
        self.answer(200, f"<h1>Welcome, on your visit {visits[serial]}</h1>")

    def answer(self, status, body, cookie=None):
        page = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Python</title>{body}</html>'.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.send_header("Referrer-Policy", "strict-origin")
        if cookie:
            self.send_header("Set-Cookie", cookie)
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *args):
        pass


with open(CA, "wb") as f:
    f.write(get(AUTHORITY + "/ca/user-authentication.pem"))
http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Page).serve_forever()

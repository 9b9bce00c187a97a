"use strict";
// card.js opens the card agent's window from a relying party's page and brings
// the card's answer back. It needs no other script and no inline script
// (Content-Security-Policy: script-src 'self').
//
// In a page, with <script src="/card.js"></script> in its head, so that nobody presses the
// button before the script is there, and without a line of script of its own:
//
//   <form method="post" action="/signin" data-jpki="authenticate"
//         data-jpki-agent="http://localhost:8082" data-jpki-nonce="…" data-jpki-field="token">
//     <input type="hidden" name="token">
//     <button>Sign in with your card</button>
//     <p role="status" data-jpki-message data-jpki-say-cancelled="…"></p>
//   </form>
//
// With data-jpki-attributes="name address birthdate gender", or some of them, the token also
// tells what the card says of its holder; the card's window says so first.
//
// With data-jpki="sign" the document is in data-jpki-document-name,
// data-jpki-media-type and data-jpki-document (base64). When the form is
// submitted the window opens; its answer is put into the field that
// data-jpki-field names, and the form goes to the server. If there is no
// answer the form stays, and the element with data-jpki-message says why: in
// the words of its data-jpki-say-<code>, or in those below.
//
// With data-jpki="sign-digest" the common platform, and nobody else, has a SHA-256 signed
// (data-jpki-digest, base64) for a service (data-jpki-service, its name).
//
// With data-jpki-face="kiosk" or "tv" there is no window: the agent takes the
// page's place, for the terminal of a counter or for a set with a remote control.
// Its answer is posted, by the agent's page, to the form's action (or to
// data-jpki-return), an address of this page's own origin, with the fields token
// and presence (see watch), or cms, or error (a code) and message.
// No other field of the form is sent: what the server wants back belongs into its
// session or into the address. The page must be allowed to post to the agent
// (Content-Security-Policy: form-action), and the server to be posted to from it;
// browsers send it no SameSite=Lax cookie then if the agent is of another site.
// A redirect of the answer to a third origin is stopped by the browser: answer
// with a page that goes on (the header Refresh does).
//
// From a script:
//
//   const token = await JPKICard.authenticate({ agent, nonce, attributes: ["name"] });
//   const cms = await JPKICard.sign({ agent, document: { name, mediaType, content } });
//   JPKICard.takeOver({ agent, face, action, nonce, attributes, document, returnTo });
//   const stop = JPKICard.watch({ agent, presence, gone });
//   await JPKICard.takeAway({ agent, presence });
//
// watch calls gone, once, when the card that answered there is taken away,
// or when the agent cannot be asked any more; takeAway is for a remote control
// that is drawn on the page (Content-Security-Policy: connect-src, for both).
//
// The first two must be called while the browser handles a click, or it will not open a
// window. They reject with a JPKICardError, whose code is one of the agent's,
// or cancelled, popup_blocked, agent_unavailable, malformed, busy.
(() => {
  const READY_WITHIN = 20000; // milliseconds from opening the window to its first word
  const LOOK_EVERY = 400;     // milliseconds between looks whether it was closed
  const LAST_WORD = 600;      // milliseconds that its last message may need after closing

  const SAY = {
    ja: {
      waiting: "カードの画面で手続を続けてください。",
      leaving: "カードの画面に移ります…",
      sending: "送信しています…",
      retry: "カードの画面を開く",
      cancelled: "カードの画面が閉じられました。もう一度ボタンを押すと、やり直せます。",
      popup_blocked: "カードの画面を開けませんでした。下のボタンを押してください。それでも開かないときは、ブラウザーの設定で、このサイトのポップアップを許可してください。",
      agent_unavailable: "カードの画面が応答しません。利用者クライアントソフトが動いていることをお確かめのうえ、もう一度お試しください。",
      malformed: "カードとのやり取りが正しく行われませんでした。もう一度お試しください。",
    },
    en: {
      waiting: "Please go on in the card window.",
      leaving: "Going to the card's page…",
      sending: "Sending…",
      retry: "Open the card window",
      cancelled: "The card window was closed. Press the button to try again.",
      popup_blocked: "The card window could not be opened. Press the button below. If it still does not open, allow pop-ups for this site in your browser.",
      agent_unavailable: "The card window does not answer. Please check that the client software is running, and try again.",
      malformed: "The exchange with the card went wrong. Please try again.",
    },
  };

  class JPKICardError extends Error {
    constructor(code, message, triesLeft) {
      super(message || code);
      this.name = "JPKICardError";
      this.code = code;
      if (typeof triesLeft === "number") this.triesLeft = triesLeft;
    }
  }

  const language = () => (document.documentElement.lang || "ja").toLowerCase().startsWith("ja") ? "ja" : "en";
  // The card's window also speaks easy Japanese.
  const windowLanguage = () => document.documentElement.lang.toLowerCase() === "ja-simple" ? "ja-simple" : language();

  // agentOf checks an agent's address; the answer is taken from its origin only.
  const agentOf = (address) => {
    let url;
    try { url = new URL(address); } catch { url = null; }
    if (!url || (url.protocol !== "http:" && url.protocol !== "https:")) {
      throw new JPKICardError("malformed", "no address of a card agent");
    }
    return { origin: url.origin, base: url.href.replace(/[?#].*$/, "").replace(/\/+$/, "") };
  };

  // One request at a time: the person has one card reader.
  let current = null;

  const ask = (address, request, take) => new Promise((resolve, reject) => {
    const agent = agentOf(address);
    if (current) {
      current.focus();
      throw new JPKICardError("busy", "the card window is already open");
    }
    const popup = window.open(`${agent.base}/window?lang=${windowLanguage()}`, "jpkimock-card", "popup,width=560,height=820");
    if (!popup) throw new JPKICardError("popup_blocked");
    current = popup;

    let closedAt = 0;
    const settle = (finish, value) => {
      if (current === popup) current = null;
      window.removeEventListener("message", hear);
      window.clearInterval(look);
      window.clearTimeout(silence);
      finish(value);
    };
    const fail = (code, message, triesLeft) => settle(reject, new JPKICardError(code, message, triesLeft));

    const hear = (event) => {
      if (event.source !== popup || event.origin !== agent.origin) return;
      const said = event.data;
      if (said === null || typeof said !== "object" || said.jpkimock !== 1) return;
      if (said.type === "ready") {
        window.clearTimeout(silence);
        popup.postMessage({ jpkimock: 1, type: "request", request }, agent.origin);
        return;
      }
      if (said.type !== "answer" || said.answer === null || typeof said.answer !== "object") return;
      const error = said.answer.error;
      if (error !== undefined) {
        fail(error && typeof error.code === "string" ? error.code : "malformed", error && error.message, error && error.triesLeft);
        return;
      }
      const value = take(said.answer);
      if (value === undefined) fail("malformed");
      else settle(resolve, value);
    };

    const look = window.setInterval(() => {
      if (!popup.closed) { closedAt = 0; return; }
      closedAt = closedAt || Date.now();
      if (Date.now() - closedAt >= LAST_WORD) fail("cancelled");
    }, LOOK_EVERY);

    const silence = window.setTimeout(() => {
      popup.close();
      fail("agent_unavailable");
    }, READY_WITHIN);

    window.addEventListener("message", hear);
    popup.focus();
  });

  // attributesOf reads names of attributes: an array, or one text with spaces between.
  const attributesOf = (names) => (Array.isArray(names) ? names.map(String) : String(names || "").split(" ").filter(Boolean));

  const authenticate = ({ agent, nonce, attributes }) => ask(agent,
    { action: "authenticate", nonce: String(nonce), ...(attributesOf(attributes).length > 0 && { attributes: attributesOf(attributes) }) },
    (answer) => (answer.token !== null && typeof answer.token === "object" ? answer.token : undefined));

  const sign = ({ agent, document: d }) => ask(agent,
    { action: "sign", document: { name: String(d.name), mediaType: String(d.mediaType), content: String(d.content) } },
    (answer) => (typeof answer.cms === "string" ? answer.cms : undefined));

  // signDigest is for the common platform alone: the agent refuses every other origin.
  const signDigest = ({ agent, service, digest }) => ask(agent,
    { action: "sign-digest", service: String(service), digest: String(digest) },
    (answer) => (answer.token !== null && typeof answer.token === "object" ? answer.token : undefined));

  // takeOver leaves this page for the agent's. Who asks is in the Origin header,
  // which a strict referrer policy of this page would make "null"; the agent is
  // told the origin and no more.
  const takeOver = ({ agent: address, face, action, nonce, attributes, document: d, service, digest, returnTo }) => {
    const agent = agentOf(address);
    if (face !== "kiosk" && face !== "tv") throw new JPKICardError("malformed", "no face of a card agent");
    const back = new URL(returnTo, document.baseURI);
    back.hash = "";
    const fields = { action, return: back.href, lang: windowLanguage() };
    if (action === "sign") Object.assign(fields, { document: String(d.content), documentName: String(d.name), mediaType: String(d.mediaType) });
    else if (action === "sign-digest") Object.assign(fields, { service: String(service), digest: String(digest) });
    else Object.assign(fields, { nonce: String(nonce), attributes: attributesOf(attributes).join(" ") });
    const policy = document.createElement("meta");
    policy.name = "referrer";
    policy.content = "strict-origin";
    document.head.append(policy);
    const form = document.createElement("form");
    form.method = "post";
    form.action = `${agent.base}/${face}/requests`;
    form.hidden = true;
    for (const [name, value] of Object.entries(fields)) {
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = name;
      input.value = value;
      form.append(input);
    }
    document.body.append(form);
    form.submit();
    form.remove();
  };

  // Presence.

  const TROUBLES = 3;       // failed questions in a row that count as a card gone
  const BREATH = 1000;      // milliseconds between two questions at least

  const watch = ({ agent: address, presence, gone }) => {
    const agent = agentOf(address);
    const stop = new AbortController();
    const question = `${agent.base}/presence?wait=25&token=${encodeURIComponent(presence)}`;
    const look = async () => {
      for (let troubles = 0; !stop.signal.aborted;) {
        const began = performance.now();
        let present = null;
        try {
          const response = await fetch(question, { signal: stop.signal, credentials: "omit", cache: "no-store" });
          present = (await response.json()).present === true;
          troubles = 0;
        } catch {
          troubles += 1;
        }
        if (stop.signal.aborted) return;
        if (present === false || troubles >= TROUBLES) {
          stop.abort();
          gone();
          return;
        }
        const rest = BREATH - (performance.now() - began);
        if (rest > 0) await new Promise((resolve) => { window.setTimeout(resolve, rest); });
      }
    };
    look();
    return () => stop.abort();
  };

  const takeAway = ({ agent: address, presence }) => fetch(`${agentOf(address).base}/presence`, {
    method: "POST", credentials: "omit", body: new URLSearchParams({ token: presence }),
  }).then((response) => response.ok);

  // The forms.

  const run = (form) => {
    const d = form.dataset;
    if (d.jpki === "authenticate") {
      return authenticate({ agent: d.jpkiAgent, nonce: d.jpkiNonce, attributes: d.jpkiAttributes }).then((token) => JSON.stringify(token));
    }
    if (d.jpki === "sign") {
      return sign({ agent: d.jpkiAgent, document: { name: d.jpkiDocumentName, mediaType: d.jpkiMediaType, content: d.jpkiDocument } });
    }
    if (d.jpki === "sign-digest") {
      return signDigest({ agent: d.jpkiAgent, service: d.jpkiService, digest: d.jpkiDigest }).then((token) => JSON.stringify(token));
    }
    return Promise.reject(new JPKICardError("malformed", "data-jpki: want sign or authenticate"));
  };

  // field finds the form's field by name, and adds a hidden one if there is none.
  const field = (form) => {
    const name = form.dataset.jpkiField || (form.dataset.jpki === "sign" ? "cms" : "token");
    let input = form.elements.namedItem(name);
    if (!(input instanceof HTMLInputElement)) {
      input = document.createElement("input");
      input.type = "hidden";
      input.name = name;
      form.append(input);
    }
    return input;
  };

  const place = (form) => {
    let at = form.querySelector("[data-jpki-message]") || document.querySelector("[data-jpki-message]");
    if (!at) {
      at = document.createElement("p");
      at.setAttribute("data-jpki-message", "");
      form.append(at);
    }
    if (!at.hasAttribute("role")) at.setAttribute("role", "status");
    return at;
  };

  const sentence = (at, code, message) =>
    at.getAttribute(`data-jpki-say-${code}`) || SAY[language()][code] || message || SAY[language()].malformed;

  const say = (at, code, message) => {
    at.dataset.jpkiCode = code;
    at.textContent = sentence(at, code, message);
  };

  // leave hands a form over to a face that takes the page's place.
  const leave = (form) => {
    const d = form.dataset;
    takeOver({
      agent: d.jpkiAgent, face: d.jpkiFace, action: d.jpki, nonce: d.jpkiNonce, attributes: d.jpkiAttributes,
      document: { name: d.jpkiDocumentName, mediaType: d.jpkiMediaType, content: d.jpkiDocument },
      service: d.jpkiService, digest: d.jpkiDigest, returnTo: d.jpkiReturn || form.getAttribute("action") || window.location.href,
    });
  };

  const start = (form) => {
    const at = place(form);
    if (form.dataset.jpkiFace && form.dataset.jpkiFace !== "window") {
      try {
        leave(form);
      } catch (error) {
        say(at, error.code || "malformed", "");
        return;
      }
      form.setAttribute("aria-busy", "true");
      say(at, "leaving");
      return;
    }
    if (current) { current.focus(); return; }
    const answer = run(form);
    form.setAttribute("aria-busy", "true");
    say(at, "waiting");
    answer.then((value) => {
      field(form).value = value;
      say(at, "sending");
      HTMLFormElement.prototype.submit.call(form);
    }).catch((error) => {
      form.removeAttribute("aria-busy");
      say(at, error.code || "malformed", error instanceof JPKICardError && error.message !== error.code ? error.message : "");
      if (error.code === "popup_blocked") offer(form, at);
    });
  };

  // offer adds a button beside the message: its click is what the browser wants
  // to see before it opens a window.
  const offer = (form, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button secondary";
    button.textContent = sentence(at, "retry");
    button.addEventListener("click", () => start(form));
    at.append(document.createTextNode(" "), button);
    button.focus();
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-jpki")) return;
    event.preventDefault();
    start(form);
  });

  // A page that comes back from the browser's memory holds no answer.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-jpki]")) {
      form.removeAttribute("aria-busy");
      field(form).value = "";
      place(form).textContent = "";
    }
  });

  window.JPKICard = Object.freeze({ authenticate, sign, signDigest, takeOver, watch, takeAway, JPKICardError });
})();

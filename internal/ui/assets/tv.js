"use strict";
// tv.js drives a ten-foot page with a remote control: arrow keys, 決定 (Enter),
// 戻る (Escape, Backspace, BrowserBack), digits and the four colour keys. The
// layout includes it, with tv.css, in every page whose face is "tv".
//
// A page needs no script of its own. What it may say in its markup:
//
//   autofocus              what has the focus first; else the first thing in main
//   data-tv-back           is pressed by 戻る; without one the page before returns
//   data-tv-key="7"        is pressed by the digit 7; "red", "green", "yellow" and
//                          "blue" are the colour keys (F1 to F4 on a keyboard)
//   tabindex="-1"          is passed over
//   tabindex="0"           on a region that scrolls: arrows scroll it to its end first
//   <dialog open>          keeps the focus in it
//
// Something always has the focus. From each thing the focus goes to the nearest
// one in the arrow's direction, straight ones before slanting ones, and keeps to
// its lane while it goes on in one line.
//
// For a page's own script: the events tv:move (from, to, direction), tv:edge
// (direction; nothing lies there) and tv:back (cancel it to act otherwise), all on
// document; window.TV with focusables(), next(element, direction), settle(), and
// unreachable(), which is empty unless the page has a trap. Each move leaves a
// performance measure "tv:move", from the key to the frame that shows it.
(() => {
  const WHAT = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  const ARROWS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };
  const BACK = new Set(["Escape", "Backspace", "BrowserBack", "GoBack"]);
  const PRESS = new Set(["Select", "Accept", "OK"]); // what remotes send beside Enter
  const COLOURS = { ColorF0Red: "red", ColorF1Green: "green", ColorF2Yellow: "yellow", ColorF3Blue: "blue", F1: "red", F2: "green", F3: "yellow", F4: "blue" };
  const MEASURES = 500; // kept at most
  const SLANT = 2.5;    // how much dearer a step aside is than a step ahead

  const scope = () => {
    const open = document.querySelectorAll("dialog[open]");
    return open.length ? open[open.length - 1] : document.body;
  };
  const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  const able = (element) => element.tabIndex >= 0 && !element.disabled && !element.closest("[inert]") && shown(element);
  const focusables = () => [...scope().querySelectorAll(WHAT)].filter(able);

  const signal = (name, detail, cancelable) => document.dispatchEvent(new CustomEvent(name, { detail, cancelable }));

  // along tells the span of a box in the arrow's direction and across it; up and
  // left are mirrored, so that ahead is always a growing number.
  const along = (box, direction) => {
    switch (direction) {
      case "right": return { near: box.left, far: box.right, from: box.top, to: box.bottom };
      case "left": return { near: -box.right, far: -box.left, from: box.top, to: box.bottom };
      case "down": return { near: box.top, far: box.bottom, from: box.left, to: box.right };
      default: return { near: -box.bottom, far: -box.top, from: box.left, to: box.right };
    }
  };

  // next finds the nearest thing in a direction, or null. lane is where across
  // the direction the walk began; without one it is the middle of element.
  const next = (element, direction, lane) => {
    const here = along(element.getBoundingClientRect(), direction);
    const middle = lane === undefined ? (here.from + here.to) / 2 : lane;
    const slack = (here.far - here.near) / 4; // a focused thing is drawn larger
    let best = null;
    let price = Infinity;
    for (const other of focusables()) {
      if (other === element || element.contains(other) || other.contains(element)) continue;
      const there = along(other.getBoundingClientRect(), direction);
      if (there.near < here.far - slack || (there.near + there.far) / 2 <= (here.near + here.far) / 2) continue;
      const ahead = Math.max(0, there.near - here.far);
      const aside = Math.max(0, there.from - here.to, here.from - there.to);
      const off = Math.max(0, there.from - middle, middle - there.to);
      const cost = ahead + SLANT * aside + off / 4 + (aside > 0 ? 1e5 : 0);
      if (cost < price) {
        price = cost;
        best = other;
      }
    }
    return best;
  };

  let last = null; // what had the focus
  let walk = null; // the line that the focus goes along: its axis and lane

  const settle = () => {
    const now = document.activeElement;
    if (now && now !== document.body && scope().contains(now) && now.matches(WHAT) && able(now)) return;
    const all = focusables();
    if (all.length === 0) return;
    const wanted = scope().querySelector("[autofocus]");
    const main = document.getElementById("main");
    const target = last && all.includes(last) ? last
      : wanted && able(wanted) ? wanted
        : all.find((element) => main && main.contains(element)) || all[0];
    target.focus({ focusVisible: true });
  };

  const measure = (start) => requestAnimationFrame(() => {
    if (performance.getEntriesByName("tv:move").length >= MEASURES) performance.clearMeasures("tv:move");
    performance.measure("tv:move", { start, end: performance.now() });
  });

  // scrolls moves what is in a focused region before the focus leaves it.
  const scrolls = (element, direction) => {
    if (direction !== "up" && direction !== "down") return false;
    const room = element.scrollHeight - element.clientHeight;
    if (room < 2 || !/(auto|scroll)/.test(getComputedStyle(element).overflowY)) return false;
    if (direction === "up" ? element.scrollTop <= 0 : element.scrollTop >= room - 1) return false;
    element.scrollBy({ top: (direction === "up" ? -0.8 : 0.8) * element.clientHeight });
    return true;
  };

  const move = (direction, start) => {
    settle();
    const from = document.activeElement;
    if (scrolls(from, direction)) return;
    const axis = direction === "up" || direction === "down" ? "column" : "row";
    if (!walk || walk.axis !== axis || walk.at !== from) {
      const box = from.getBoundingClientRect();
      walk = { axis, lane: axis === "column" ? (box.left + box.right) / 2 : (box.top + box.bottom) / 2 };
    }
    const to = next(from, direction, walk.lane);
    if (!to) {
      signal("tv:edge", { from, direction });
      return;
    }
    walk.at = to;
    to.focus({ focusVisible: true, preventScroll: true });
    to.scrollIntoView({ block: "nearest", inline: "nearest" });
    measure(start);
    signal("tv:move", { from, to, direction });
  };

  const back = () => {
    if (!signal("tv:back", {}, true)) return;
    const buttons = [...scope().querySelectorAll("[data-tv-back]")].filter(shown);
    if (buttons.length) buttons[buttons.length - 1].click();
    else history.back();
  };

  // typing reports that a key belongs to the field that has the focus.
  const typing = (element) => element instanceof HTMLTextAreaElement && !element.readOnly ||
    element instanceof HTMLInputElement && !element.readOnly && !/^(button|submit|reset|checkbox|radio|range|color|file|image)$/.test(element.type);

  // within reports that the caret can go on inside a field.
  const within = (element, direction) => {
    if (!typing(element) || direction === "up" || direction === "down" || element.selectionStart === null) return false;
    return direction === "left" ? element.selectionEnd > 0 : element.selectionStart < element.value.length;
  };

  const press = (key) => {
    const button = [...scope().querySelectorAll(`[data-tv-key="${key}"]`)].find((b) => !b.disabled && shown(b));
    if (button) button.click();
    return Boolean(button);
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const { key } = event;
    const now = document.activeElement;
    if (ARROWS[key]) {
      if (within(now, ARROWS[key])) return;
      event.preventDefault();
      move(ARROWS[key], event.timeStamp);
    } else if (BACK.has(key)) {
      if (key === "Backspace" && typing(now) && now.value !== "") return;
      event.preventDefault();
      if (!event.repeat) back();
    } else if (PRESS.has(key)) {
      event.preventDefault();
      now.click();
    } else if (/^[0-9]$/.test(key)) {
      if (!typing(now) && press(key)) event.preventDefault();
    } else if (COLOURS[key]) {
      event.preventDefault();
      if (!event.repeat) press(COLOURS[key]);
    }
  });

  // There is no wheel on a remote: what a wheel could reach, arrows must.
  window.addEventListener("wheel", (event) => event.preventDefault(), { passive: false });

  document.addEventListener("focusin", (event) => { last = event.target; });
  document.addEventListener("focusout", () => requestAnimationFrame(settle));
  document.addEventListener("pointerup", () => requestAnimationFrame(settle));
  window.addEventListener("pageshow", settle);
  new MutationObserver(settle).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["hidden", "disabled", "open", "inert"] });
  settle();

  const unreachable = () => {
    settle();
    const seen = new Set([document.activeElement]);
    for (const element of seen) {
      for (const direction of ["up", "down", "left", "right"]) {
        const to = next(element, direction);
        if (to) seen.add(to);
      }
    }
    return focusables().filter((element) => !seen.has(element));
  };

  window.TV = Object.freeze({ focusables, next, settle, unreachable });
})();

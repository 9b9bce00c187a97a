"use strict";
// lang.js lets a half-filled form survive the switch to another language: what
// was typed and chosen waits in this tab until the page is there again. Nothing
// secret and nothing hidden is kept.
(() => {
  const KEPT = "jpkimock.form";
  const fields = () => [...document.querySelectorAll("main input, main select, main textarea")].filter((f) =>
    f.name && !f.disabled && !["hidden", "password", "file", "submit", "button", "image"].includes(f.type) && f.autocomplete !== "off");
  const key = (f) => (f.type === "radio" || f.type === "checkbox" ? `${f.name}=${f.value}` : f.name);

  for (const link of document.querySelectorAll("a.lang")) link.addEventListener("click", () => {
    const values = {};
    for (const f of fields()) values[key(f)] = f.type === "radio" || f.type === "checkbox" ? f.checked : f.value;
    const to = new URL(link.href).pathname;
    if (Object.keys(values).length) sessionStorage.setItem(KEPT, JSON.stringify({ to, values }));
  });

  const kept = sessionStorage.getItem(KEPT);
  if (!kept) return;
  sessionStorage.removeItem(KEPT);
  const { to, values } = JSON.parse(kept);
  if (to !== location.pathname || !new URLSearchParams(location.search).has("lang")) return;
  for (const f of fields()) {
    const value = values[key(f)];
    if (value === undefined) continue;
    if (typeof value === "boolean") f.checked = value;
    else f.value = value;
    f.dispatchEvent(new Event("change", { bubbles: true }));
  }
})();

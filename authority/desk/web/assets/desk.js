// What the desks' pages do beyond plain forms: proposals for a reason,
// capital letters in a signature password, copying a key, and one submission
// of a form at a time. Every page works without it.
"use strict";

for (const list of document.querySelectorAll(".proposals")) list.hidden = false;

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const field = button.dataset.fill && document.getElementById(button.dataset.fill);
  if (field) {
    field.value = button.value;
    field.focus();
  }
  const source = button.dataset.copy && document.getElementById(button.dataset.copy);
  if (source) navigator.clipboard.writeText(source.textContent).then(() => button.classList.add("copied"));
});

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
}

document.addEventListener("input", (event) => {
  if (event.target.matches("input.upper")) event.target.value = event.target.value.toUpperCase();
});

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) delete form.dataset.sent;
});

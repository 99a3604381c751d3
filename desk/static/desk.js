// Small comforts over pages that work without them: rows of a table, kept drafts, filters that apply at once.
"use strict";

const on = (kind, selector, act) =>
  document.addEventListener(kind, (event) => {
    const found = event.target.closest?.(selector);
    if (found) act(found, event);
  });

// Tables of rows: add from the template, remove.
on("click", "[data-add-row]", (button, event) => {
  event.preventDefault();
  const rows = button.closest("[data-rows]");
  const number = Number(rows.dataset.next);
  rows.dataset.next = number + 1;
  const blank = rows.querySelector("template").content.cloneNode(true);
  for (const part of blank.querySelectorAll("[name], [id], [for]")) {
    for (const name of ["name", "id", "for", "aria-describedby"]) {
      if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replace("__row__", number));
    }
  }
  const body = rows.querySelector("tbody");
  body.append(blank);
  body.lastElementChild.querySelector("input, select, textarea")?.focus();
  changed(button.form);
});
on("click", "[data-remove-row]", (button) => {
  const form = button.form || button.closest("form");
  button.closest("tr").remove();
  changed(form);
});

// Drafts: kept three seconds after the last key, and when the page is left.
const waiting = new WeakMap();
function changed(form) {
  if (!form?.dataset.draft) return;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => window.htmx?.trigger(form, "draft"), 3000));
}
document.addEventListener("input", (event) => changed(event.target.form));
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  const state = document.getElementById("draft-state");
  if (!form.dataset?.draft || !state) return;
  const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  state.textContent = event.detail.successful ? `${state.dataset.saved} ${time}` : state.dataset.failed;
});
document.addEventListener("submit", (event) => clearTimeout(waiting.get(event.target)));

// Filters apply when they change.
on("change", "[data-submit]", (field) => field.form.requestSubmit());

// A button that acts is pressed once.
document.addEventListener("submit", (event) => {
  const button = event.target.querySelector("[data-once]");
  if (button) setTimeout(() => { button.disabled = true; }, 0);
});
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[data-once]")) button.disabled = false;
});

// Secrets that are shown once: select and copy.
on("focusin", "[data-select]", (field) => field.select());
on("click", "[data-copy]", async (button) => {
  const field = button.parentElement.querySelector("input, textarea");
  field.select();
  try { await navigator.clipboard.writeText(field.value); } catch { document.execCommand("copy"); }
});

// Upload: drop a file, and say at once when it is too large.
for (const kind of ["dragover", "dragleave", "drop"]) {
  on(kind, ".drop", (zone, event) => {
    event.preventDefault();
    zone.classList.toggle("over", kind === "dragover");
    if (kind === "drop" && event.dataTransfer.files.length) {
      const input = zone.querySelector("input[type=file]");
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
}
on("change", ".drop input[type=file]", (input) => {
  const file = input.files[0];
  const tooLarge = file && file.size > Number(input.dataset.limit);
  input.setCustomValidity(tooLarge ? input.dataset.tooLarge : "");
  input.closest(".drop").querySelector("[data-filename]").textContent = file ? file.name : "";
  if (tooLarge) input.reportValidity();
});

// Text areas grow with what is in them.
const grow = (area) => { area.style.height = "auto"; area.style.height = `${area.scrollHeight + 2}px`; };
on("input", "[data-grow]", grow);
document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-grow]").forEach((area) => { if (area.value) grow(area); }));

// On a narrow screen the current tab of a case is brought into view.
document.addEventListener("DOMContentLoaded", () => {
  const tab = document.querySelector(".case-tabs .nav-link.active");
  const tabs = tab?.closest(".case-tabs");
  if (tabs) tabs.scrollLeft = tab.offsetLeft - tabs.clientWidth / 2 + tab.offsetWidth / 2;
});

// A list of cases: one box chooses all, and without a choice there is nothing to do.
const boxes = (form) => [...form.querySelectorAll("tbody input[type=checkbox]")];
const weigh = (form) => {
  const chosen = boxes(form).filter((box) => box.checked).length;
  const all = form.querySelector("[data-check-all]");
  all.checked = chosen > 0 && chosen === boxes(form).length;
  all.indeterminate = chosen > 0 && !all.checked;
  for (const button of form.querySelectorAll("[data-needs-check]")) button.disabled = chosen === 0;
};
on("change", "[data-check-all]", (all) => {
  for (const box of boxes(all.form)) box.checked = all.checked;
});
const weighed = (field) => { if (field?.form?.querySelector("[data-check-all]")) weigh(field.form); };
document.addEventListener("change", (event) => weighed(event.target));
window.addEventListener("pageshow", () => weighed(document.querySelector("[data-check-all]")));

// The inbox by keyboard: J and K walk, Enter opens the focused case, digits change the list.
document.addEventListener("keydown", (event) => {
  const list = document.querySelector("[data-walk]");
  if (!list || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  const tab = list.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (tab) { tab.click(); return; }
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  if (!step) return;
  const rows = [...list.querySelectorAll("[data-walked]")];
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[here < 0 ? 0 : Math.min(Math.max(here + step, 0), rows.length - 1)];
  next?.querySelector("[data-open]").focus();
});

"use strict";
(() => {
  const root = document.documentElement;

  document.getElementById("scheme").addEventListener("click", () => {
    root.dataset.theme = getComputedStyle(root).colorScheme === "dark" ? "light" : "dark";
    localStorage.setItem("agentmem-scheme", root.dataset.theme);
  });

  /* The page that is shown is seen among the tabs. (Scrolling it into view would let Tab begin there.) */
  const tab = document.querySelector(".tabs [aria-current]");
  if (tab) tab.parentElement.scrollLeft = tab.offsetLeft + tab.offsetWidth / 2 - tab.parentElement.clientWidth / 2;

  /* What is chosen filters at once; what is typed, with Enter. */
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[hx-get]");
    if (form && event.target.matches("select, [type=date]")) form.requestSubmit();
  });

  /* What is empty in a form is left out of the address. */
  document.addEventListener("htmx:configRequest", (event) => {
    const given = event.detail.parameters;
    for (const name of Object.keys(given)) if (given[name] === "") delete given[name];
  });
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "get") return;
    for (const field of event.target.elements) if (field.name && field.value === "") field.disabled = true;
    setTimeout(() => { for (const field of event.target.elements) field.disabled = false; });
  });

  /* An error is shown where the answer would stand. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status >= 400 && event.detail.xhr.status < 600) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
      event.detail.selectOverride = "main > *";
      if (event.detail.requestConfig.verb === "get" && event.detail.target.id === "list") event.detail.swapOverride = "innerHTML";
    }
  });

  /* The keyboard: up and down a list, and the search. */
  const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.checkVisibility());
  const link = (row) => row.querySelector("[data-open]");

  function move(by) {
    const all = rows();
    if (!all.length) return false;
    const here = all.indexOf(document.activeElement.closest("[data-row]"));
    const next = here < 0 ? (by > 0 ? firstSeen(all) : all.length - 1) : Math.max(0, Math.min(all.length - 1, here + by));
    const target = link(all[next]);
    if (!target) return false;
    target.focus();
    all[next].scrollIntoView({ block: "nearest" });
    return true;
  }

  function firstSeen(all) {
    const place = all.findIndex((row) => row.getBoundingClientRect().top >= 0);
    return Math.max(0, place);
  }

  const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.getElementById("graph")) return;
    const typing = event.target.closest("input, textarea, select");
    if (typing) {
      if (event.key === "Escape") typing.blur();
      return;
    }
    if (event.key === "/") {
      const field = document.querySelector("main [data-slash]") || document.querySelector("[data-slash]");
      if (field) { event.preventDefault(); field.focus(); field.select(); }
      return;
    }
    const arrow = event.key.startsWith("Arrow");
    if (!(event.key in STEPS) || event.shiftKey || (arrow && event.target.closest(".scroll-x"))) return;
    if (arrow && !event.target.closest("[data-row]")) return;
    if (move(STEPS[event.key])) event.preventDefault();
  });
})();

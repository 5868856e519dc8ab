"use strict";
/* Before anything is drawn: light or dark as it was chosen last; else as the system has it. */
(() => {
  const chosen = localStorage.getItem("agentmem-scheme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();

/* A click on a mark shows below its equation what the check found, instead of leading away.
 * The words are in the page; a browser without scripts follows the link. */
(() => {
  "use strict";

  for (const mark of document.querySelectorAll("a.eqcheck[aria-controls]")) {
    const panel = document.getElementById(mark.getAttribute("aria-controls"));
    if (!panel) continue;
    const content = panel.firstElementChild;
    const show = (wanted) => {
      content.hidden = !wanted;
      mark.setAttribute("aria-expanded", String(wanted));
    };
    const toggle = (event) => {
      event.preventDefault();
      show(content.hidden);
    };
    mark.setAttribute("role", "button");
    show(false);
    mark.addEventListener("click", (event) => {
      const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey; // to another tab or window
      if (!elsewhere) toggle(event);
    });
    mark.addEventListener("keydown", (event) => {
      if (event.key === " ") toggle(event); // Enter is a click, on links and on buttons
    });
    for (const element of [mark, panel]) {
      element.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || content.hidden) return;
        show(false);
        mark.focus();
      });
    }
  }
})();

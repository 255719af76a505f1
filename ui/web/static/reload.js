// Stands first in the page itself (ui/web/head.py). Browsers drop what they are fetching when the network
// changes; a page that lost a part of itself that way stays blank or half built, so it is loaded again.
(() => {
  const most = 6; // reloads in a row, each after a longer pause
  const shelf = "docknotes-reload";
  const counted = () => Number(sessionStorage.getItem(shelf)) || 0;
  const isUp = () => document.querySelector("#dn-thread .dn-piece") !== null;
  let over = false;

  function again() {
    if (over) return;
    over = true;
    const tries = counted();
    if (tries >= most) { tell(); return; }
    sessionStorage.setItem(shelf, String(tries + 1));
    setTimeout(() => location.reload(), 250 * 2 ** tries);
  }

  function tell() {
    sessionStorage.removeItem(shelf);
    if (isUp()) return;
    const told = document.createElement("div");
    told.setAttribute("role", "alert");
    told.style.cssText = "max-width:34rem;margin:12vh auto;padding:0 1.25rem;font:16px/1.6 system-ui,sans-serif";
    for (const [text, label] of TOLD) {
      const line = document.createElement("p");
      const button = document.createElement("button");
      line.textContent = text;
      button.textContent = label;
      button.onclick = () => location.reload();
      told.append(line, button);
    }
    const put = () => document.body.prepend(told);
    if (document.body) put(); else addEventListener("DOMContentLoaded", put);
  }

  // Errors of elements do not rise to the window, but they pass it on their way down.
  addEventListener("error", ({ target }) => {
    if (target instanceof Element && target.matches("script[type=module], link[rel=stylesheet]")) again();
  }, true);
  addEventListener("vite:preloadError", again);

  // Whatever else was lost: the first drawing has to come, sooner or later, and later on a slow machine.
  const patience = 20000 * 2 ** counted();
  const began = Date.now();
  const timer = setInterval(() => {
    if (isUp()) { clearInterval(timer); setTimeout(() => sessionStorage.removeItem(shelf), 20000); }
    else if (Date.now() - began > patience) { clearInterval(timer); again(); }
  }, 500);
})();

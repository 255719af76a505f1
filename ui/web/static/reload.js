// A part of the page that could not be fetched while the network changed leaves it half built: load it again.
addEventListener("vite:preloadError", () => {
  const tries = Number(sessionStorage.getItem("docknotes-reload") || 0);
  if (tries >= 5) return;
  sessionStorage.setItem("docknotes-reload", String(tries + 1));
  setTimeout(() => location.reload(), 300 * (tries + 1));
});
addEventListener("load", () => setTimeout(() => sessionStorage.removeItem("docknotes-reload"), 20000));

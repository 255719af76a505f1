// Runs once per pane. The server sends pieces, [id, markup]; a piece is drawn again only where its
// markup changed, so what a person typed, opened or selected elsewhere stays. Clicks on anything
// with data-do become one event, "act"; the server decides what it means.
const root = element.querySelector(".dn-pane");
const drawn = new Map();
// Presses without an answer. They outlive the page, which Gradio loads again when it reconnects.
const shelf = `docknotes-presses-${element.closest("[id^=dn-]")?.id ?? ""}`;
const waiting = new Map(JSON.parse(sessionStorage.getItem(shelf) || "[]"));
const keep = () => sessionStorage.setItem(shelf, JSON.stringify([...waiting]));
let answers = false;
let heard = Date.now();
let latest = 0;
let composing = false; // an input method is putting a word together, which a new drawing would break off
let late = false;

function draw() {
  heard = Date.now();
  const sent = Array.isArray(props.value) ? props.value : [];
  const answered = sent.find((piece) => piece[0] === "answered");
  if (answered) {
    const [number, ...presses] = answered[1].split(" ");
    answers = true;
    presses.forEach((press) => waiting.delete(press));
    keep();
    if (Number(number) < latest) return; // a request that ends sends its last drawing once more
    latest = Number(number);
  }
  if (composing) { late = true; return; }
  const pieces = sent.filter((piece) => piece !== answered);
  const wanted = new Set(pieces.map((piece) => piece[0]));
  for (const [id, old] of drawn) {
    if (!wanted.has(id)) { old.node.remove(); drawn.delete(id); }
  }
  let before = null;
  let arrived = null;
  for (const [id, markup] of pieces) {
    let piece = drawn.get(id);
    if (!piece) {
      piece = { node: document.createElement("div"), markup: null };
      piece.node.className = "dn-piece";
      piece.node.dataset.piece = id;
      drawn.set(id, piece);
      if (/^[qp]-/.test(id) && !arrived) arrived = piece.node;
    }
    if (piece.markup !== markup) redraw(piece, markup);
    const place = before ? before.nextSibling : root.firstChild;
    if (place !== piece.node) root.insertBefore(piece.node, place);
    before = piece.node;
  }
  if (arrived && element.offsetParent) {
    const block = arrived.dataset.piece.startsWith("q-") ? "start" : "nearest";
    arrived.scrollIntoView({ block, behavior: "smooth" });
  }
}

const named = ({ dataset }) => [dataset.do || dataset.field, dataset.key].join(" ");

// What was pressed is gone: the keyboard goes on where the markup says, and that comes into view.
function land(node) {
  const next = node.querySelector("[data-land]");
  if (!next) return;
  next.focus({ preventScroll: true });
  if (next.select) next.select(); // what is proposed there is typed over
  node.scrollIntoView({ block: "nearest", behavior: "smooth" });
}

function redraw(piece, markup) {
  const open = [...piece.node.querySelectorAll("details")].map((details) => details.open);
  const log = piece.node.querySelector(".dn-output");
  const follows = !log || log.scrollTop + log.clientHeight >= log.scrollHeight - 24;
  const top = log ? log.scrollTop : 0;
  const focused = piece.node.contains(document.activeElement) ? document.activeElement : null;
  const mark = focused && named(focused);
  const typed = focused && focused.dataset.live && [focused.value, focused.selectionStart, focused.selectionEnd];
  piece.node.innerHTML = markup;
  piece.markup = markup;
  piece.node.querySelectorAll("details").forEach((details, n) => { details.open = open[n] ?? details.open; });
  const next = piece.node.querySelector(".dn-output");
  if (next) next.scrollTop = follows ? next.scrollHeight : top;
  if (mark) {
    const again = [...piece.node.querySelectorAll("[data-do],[data-field]")]
      .find((node) => named(node) === mark);
    if (again) again.focus({ preventScroll: true });
    else land(piece.node);
    if (again && typed) { // the person may have typed on since
      again.value = typed[0];
      again.setSelectionRange(typed[1], typed[2]);
    }
  }
}

function act(node, more) {
  const card = node.closest("[data-card]");
  const sent = { ...node.dataset, ...more };
  if (card) {
    sent.card = card.dataset.card;
    sent.stamp = card.dataset.stamp;
    sent.fields = [...card.querySelectorAll("[data-field]")].map((field) => field.value);
    sent.confirmed = [...card.querySelectorAll("[data-confirm]:checked")].map((box) => Number(box.dataset.confirm));
  }
  // Opening a place in the notes crosses to another tab; everything else stays with its own.
  if (sent.do === "read") { trigger("read", sent); return; }
  sent.press = Math.random().toString(36).slice(2);
  if (answers) { waiting.set(sent.press, { sent, at: Date.now(), tries: 0 }); keep(); }
  trigger("act", sent);
}

// A field with data-live acts while the person types; what was typed before is not sent again.
let pause = 0;
function look(field, wait) {
  clearTimeout(pause);
  pause = setTimeout(() => {
    for (const [press, one] of waiting) if (one.sent.live) waiting.delete(press);
    const now = field.isConnected ? field : root.querySelector(`[data-live="${field.dataset.live}"]`);
    if (now) act(now, { do: now.dataset.live, at: Date.now() });
  }, wait);
}

async function copy(button) {
  const text = button.parentElement.querySelector("code").textContent;
  const before = button.textContent;
  try { await navigator.clipboard.writeText(text); } catch { return; }
  button.textContent = button.dataset.copy;
  setTimeout(() => { button.textContent = before; }, 1500);
}

root.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) { copy(button); return; }
  const node = event.target.closest("[data-do]");
  if (node && !node.disabled) { event.preventDefault(); act(node); }
});
root.addEventListener("input", (event) => {
  if (event.target.dataset.live && !event.isComposing) look(event.target, 250);
});
root.addEventListener("compositionstart", () => { composing = true; });
root.addEventListener("compositionend", (event) => {
  composing = false;
  if (event.target.dataset.live) look(event.target, 250);
  if (late) { late = false; draw(); }
});
root.addEventListener("keydown", (event) => {
  if (event.target.dataset.live && !event.isComposing && /^(Enter|Escape)$/.test(event.key)) {
    event.preventDefault();
    if (event.key === "Escape") event.target.value = "";
    look(event.target, 0);
    return;
  }
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("[data-field]")) return;
  const button = event.target.closest("[data-card]").querySelector(".dn-primary");
  if (button && !button.disabled) { event.preventDefault(); act(button); }
});
watch("value", draw);
draw();

// Browsers drop every connection when the network changes, most of all when Docker adds a network to
// the machine. A press without an answer is sent again (the server takes each press once), and while
// nothing was drawn yet or something is under way the page asks to watch again when it has heard nothing
// for a while.
const timer = setInterval(() => {
  if (!root.isConnected) { clearInterval(timer); return; }
  for (const [press, one] of waiting) {
    if (Date.now() - one.at < 2500) continue;
    one.at = Date.now();
    one.tries += 1;
    if (one.tries > 5) waiting.delete(press);
    else trigger("act", one.sent);
    keep();
  }
  if (drawn.size && !root.querySelector(".dn-busy, [aria-busy=true]")) heard = Date.now();
  if (Date.now() - heard < 4000) return;
  heard = Date.now();
  trigger("act", { do: "watch" });
}, 1000);

// The page around the stage: theme, buttons, the list of trades, print.

const root = document.documentElement;

// MARK: Theme: as the system has it, or as the reader chose

const themes = ["auto", "light", "dark"];
const themeButton = byId("theme");

function remembered() {
  try { return localStorage.getItem("ratchet-theme"); } catch { return null; }
}

function setTheme(theme) {
  if (theme === "auto") delete root.dataset.theme; else root.dataset.theme = theme;
  themeButton.textContent = { auto: "Auto", light: "Light", dark: "Dark" }[theme];
  themeButton.dataset.now = theme;
  themeButton.setAttribute("aria-label", `Theme: ${theme}. Change`);
  // A page from a file may have no storage; then the choice lasts as long as the page.
  try { localStorage.setItem("ratchet-theme", theme); } catch { }
}

function listenToTheme() {
  setTheme(themes.includes(remembered()) ? remembered() : "auto");
  themeButton.hidden = false;
  themeButton.addEventListener("click", () => {
    setTheme(themes[(themes.indexOf(themeButton.dataset.now) + 1) % themes.length]);
    restage();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", restage);
}

// MARK: Buttons for spans of time, and from trade to trade

function makeSpans() {
  const whole = run.count * span;
  const spans = [["1d", 86400], ["1w", 604800], ["1m", 2592000], ["3m", 7776000], ["1y", 31536000]]
    .filter(([, seconds]) => seconds < whole * 0.8 && seconds > span * 12);
  const buttons = [...spans, ["All", whole]].map(([name, seconds]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.addEventListener("click", () => {
      const half = seconds / span / 2;
      const middle = isWhole() ? run.count - half : (view.from + view.to) / 2;
      glide(Math.max(0, middle - half), Math.min(run.count, middle + half));
    });
    return { button, length: seconds / span };
  });
  byId("spans").replaceChildren(...buttons.map(({ button }) => button));
  byId("spans").append(makeHoldButton());
  const mark = () => {
    for (const { button, length } of buttons) {
      button.setAttribute("aria-pressed", String(Math.abs(view.to - view.from - length) < length * 0.01));
    }
  };
  stage.addEventListener("view", mark);
  mark();
}

// Beside a market that moved much, a careful strategy is a flat line: alone it shows its days.
function makeHoldButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Buy and hold";
  const mark = () => button.setAttribute("aria-pressed", String(withHold));
  button.addEventListener("click", () => {
    withHold = !withHold;
    mark();
    repaint();
  });
  mark();
  return button;
}

function describe(index) {
  const line = byId("trade");
  const rows = byId("trades")?.tBodies[0].rows ?? [];
  for (const row of rows) row.classList.toggle("chosen", rowNumber(row) === index + 1);
  line.hidden = index < 0;
  byId("which").textContent = index < 0 ? "trades"
    : index < run.trades.length ? `trade ${index + 1} of ${run.trades.length}` : "open position";
  history.replaceState(null, "", index < 0 ? "#" : `#trade-${index + 1}`);
  if (index < 0) return;
  const position = positions[index];
  const own = legs.filter((leg) => leg.position === index);
  const parts = [`Entered ${moment(position.entered)}`,
    `${own.filter((leg) => leg.role === "stop").length} stop orders, trigger from `
      + `${price(own[0]?.trigger ?? 0)} to ${price(own.findLast((leg) => leg.trigger)?.trigger ?? 0)}`];
  if (position.escalations) parts.push(`${position.escalations} escalated`);
  if (position.left === undefined) {
    parts.push("still open");
  } else {
    parts.push(`left ${moment(position.left)} by ${position.reason}`,
      `realised ${money(position.realised)} ${run.quote}`);
  }
  line.replaceChildren(...parts.map((text) =>
    Object.assign(document.createElement("span"), { textContent: text })));
}

// MARK: The list of trades

const rowNumber = (row) => Number(row.cells[0].textContent.replaceAll(",", ""));

function sortKey(cell) {
  const text = cell.dataset.v ?? cell.textContent.replaceAll(",", "").replace("−", "-");
  const value = Number(text);
  return Number.isNaN(value) ? text : value;
}

function sortBy(table, column, isDescending) {
  const body = table.tBodies[0];
  const rows = Array.from(body.rows, (row) => ({ row, key: sortKey(row.cells[column]) }));
  const factor = isDescending ? -1 : 1;
  rows.sort((a, b) => (a.key < b.key ? -factor : a.key > b.key ? factor : 0));
  body.append(...rows.map(({ row }) => row));
}

function listenToTrades() {
  const table = byId("trades");
  if (!table) return;
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
    const isDescending = head.getAttribute("aria-sort") === "ascending"
      || (head.getAttribute("aria-sort") === null && head.className === "n" && column > 0);
    for (const other of heads) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", isDescending ? "descending" : "ascending");
    sortBy(table, column, isDescending);
  }));
  const body = table.tBodies[0];
  for (const row of body.rows) row.tabIndex = 0;
  const jump = (row) => {
    choose(rowNumber(row) - 1);
    stage.scrollIntoView({ block: "center", behavior: "smooth" });
  };
  body.addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    if (row && getSelection().isCollapsed) jump(row);
  });
  body.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    jump(event.target.closest("tr"));
  });
}

// MARK: Print: always light, and sharp

function listenToPrint() {
  let theme;
  window.addEventListener("beforeprint", () => {
    theme = root.dataset.theme;
    root.dataset.theme = "light";
    isPrinting = true;
    hover = null;
    restage();
  });
  window.addEventListener("afterprint", () => {
    if (theme) root.dataset.theme = theme; else delete root.dataset.theme;
    isPrinting = false;
    restage();
  });
}

listenToTheme();
listenToPrint();
if (stage && run.count > 0) {
  restage();
  listen();
  listenToTrades();
  makeSpans();
  new ResizeObserver(restage).observe(stage);
  if (positions.length) {
    byId("steps").hidden = false;
    byId("steps").addEventListener("click", (event) => {
      const direction = Number(event.target.dataset.step);
      if (direction) step(direction);
    });
  }
  stage.addEventListener("choose", (event) => describe(event.detail));
  const linked = /^#trade-(\d+)$/.exec(location.hash);
  if (linked) choose(Number(linked[1]) - 1);
}
root.dataset.ready = String(Math.round(performance.now()));

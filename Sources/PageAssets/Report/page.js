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

// MARK: A chart's buttons for spans of time, and from trade to trade

function makeButton(place, text, action) {
  const button = element("button", "", place);
  button.type = "button";
  button.textContent = text;
  button.addEventListener("click", action);
  return button;
}

function makeSpans(chart) {
  const { axis, stage } = chart;
  const place = chart.root.querySelector(".spans");
  const whole = axis.count * axis.span;
  const spans = [["1d", 86400], ["1w", 604800], ["1m", 2592000], ["3m", 7776000], ["1y", 31536000]]
    .filter(([, seconds]) => seconds < whole * 0.8 && seconds > axis.span * 12);
  const buttons = [...spans, ["All", whole]].map(([name, seconds]) => {
    const half = seconds / axis.span / 2;
    const button = makeButton(place, name, () => {
      const middle = chart.isWhole ? axis.count - half : (chart.view.from + chart.view.to) / 2;
      chart.glide(Math.max(0, middle - half), Math.min(axis.count, middle + half));
    });
    return { button, length: half * 2 };
  });
  const mark = () => {
    const shown = chart.view.to - chart.view.from;
    for (const { button, length } of buttons) {
      button.setAttribute("aria-pressed", String(Math.abs(shown - length) < length * 0.01));
    }
  };
  stage.addEventListener("view", mark);
  mark();
  makeHoldButton(chart, place);
}

// Beside a market that moved much, a careful strategy is a flat line: alone it shows its days.
function makeHoldButton(chart, place) {
  const pane = chart.panes.find((pane) => "withHold" in pane);
  if (!pane) return;
  const mark = () => button.setAttribute("aria-pressed", String(pane.withHold));
  const button = makeButton(place, "Buy and hold", () => {
    pane.withHold = !pane.withHold;
    mark();
    chart.repaint();
  });
  mark();
}

function makeSteps(chart, hand) {
  const place = chart.root.querySelector(".steps");
  if (!place || !chart.pair.positions.length) return;
  place.hidden = false;
  place.addEventListener("click", (event) => {
    const direction = Number(event.target.dataset.step);
    if (direction) hand.step(direction);
  });
}

// Says in words which trade of a pair is chosen, and marks its row.
function describe(chart, index, rowOf) {
  const { pair, root: section } = chart;
  const line = section.querySelector(".trade");
  for (const row of byId("trades")?.tBodies[0].rows ?? []) row.classList.remove("chosen");
  const row = index < 0 ? null : rowOf(index);
  row?.classList.add("chosen");
  line.hidden = index < 0;
  section.querySelector(".which").textContent = index < 0 ? "trades"
    : index < pair.trades.length ? `trade ${index + 1} of ${pair.trades.length}` : "open position";
  history.replaceState(null, "", row ? `#trade-${rowNumber(row)}` : "#");
  if (index < 0) return;
  const position = pair.positions[index];
  const own = pair.legs.filter((leg) => leg.position === index);
  const parts = [`Entered ${moment(position.entered)}`,
    `${own.filter((leg) => leg.role === "stop").length} stop orders, trigger from `
      + `${pair.price(own[0]?.trigger ?? 0)} to `
      + `${pair.price(own.findLast((leg) => leg.trigger)?.trigger ?? 0)}`];
  if (position.escalations) parts.push(`${position.escalations} escalated`);
  if (position.left === undefined) {
    parts.push("still open");
  } else {
    parts.push(`left ${moment(position.left)} by ${position.reason}`,
      `realised ${money(position.realised)} ${pair.quote}`);
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

// `jump` shows the trade of a row where it happened.
function listenToTrades(jump) {
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
  body.addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    if (row && getSelection().isCollapsed) jump(row);
  });
  body.addEventListener("keydown", (event) => {
    if (event.key === "Enter") jump(event.target.closest("tr"));
  });
  const linked = /^#trade-(\d+)$/.exec(location.hash);
  const row = linked && [...body.rows].find((row) => rowNumber(row) === Number(linked[1]));
  if (row) jump(row, false);
}

const reveal = (place) => place.scrollIntoView({ block: "center", behavior: "smooth" });

// MARK: Print: always light, and sharp

function listenToPrint() {
  let theme;
  window.addEventListener("beforeprint", () => {
    theme = root.dataset.theme;
    root.dataset.theme = "light";
    isPrinting = true;
    for (const chart of charts) chart.hover = null;
    restage();
  });
  window.addEventListener("afterprint", () => {
    if (theme) root.dataset.theme = theme; else delete root.dataset.theme;
    isPrinting = false;
    restage();
  });
}

// MARK: The pages

// A chart of a pair's candles, with those panes below them.
function makePairChart(section, pair, panes, rowOf) {
  const chart = new Chart(section, pair.axis, panes, pair.candles.close, pair);
  makeSteps(chart, new Hand(chart));
  makeSpans(chart);
  chart.stage.addEventListener("choose", (event) => describe(chart, event.detail, rowOf));
  return chart;
}

// One pair: its candles, equity and drawdown over one axis.
function makeRunPage(facts) {
  const curves = readCurves(facts), pair = readPair(facts);
  const rows = [...byId("trades")?.tBodies[0].rows ?? []];
  const chart = makePairChart(byId("chart"), pair,
    [pricePane(pair, 0.62), equityPane(curves, 0.23), drawdownPane(curves, 0.15)],
    (index) => rows[index]);
  listenToTrades((row, isAsked = true) => {
    chart.choose(rowNumber(row) - 1);
    if (isAsked) reveal(chart.stage);
  });
}

// Several pairs: the account, and each pair's candles once they are asked for.
function makeAccountPage(facts) {
  const all = readAccount(facts);
  const chart = new Chart(byId("chart"), all.axis, [equityPane(all.curves, 0.34, all.axis),
    drawdownPane(all.curves, 0.14), allocationPane(all, 0.28), exposurePane(all, 0.24)],
  all.curves.equity);
  new Hand(chart);
  makeSpans(chart);
  const rows = [...byId("trades")?.tBodies[0].rows ?? []];
  const opened = new Map();
  const open = (place) => {
    const fold = byId(`pair-${place}`);
    fold.open = true;
    if (opened.has(place)) return opened.get(place);
    const own = readFacts(`run-${place}`);
    if (!own.count) return null;
    const pair = readPair(own, `-${place}`);
    const ownRows = rows.filter((row) => Number(row.dataset.pair) === place);
    const made = makePairChart(fold.querySelector(".chart"), pair, [pricePane(pair, 1)],
      (index) => ownRows[index]);
    opened.set(place, made);
    return made;
  };
  for (const fold of document.querySelectorAll("details[data-pair]")) {
    fold.addEventListener("toggle", () => { if (fold.open) open(Number(fold.dataset.pair)); });
  }
  for (const link of document.querySelectorAll("[data-opens]")) {
    link.addEventListener("click", () => {
      const place = Number(link.dataset.opens);
      open(place);
      byId(`pair-${place}`).scrollIntoView({ block: "start", behavior: "smooth" });
    });
  }
  listenToTrades((row) => {
    const made = open(Number(row.dataset.pair));
    made?.choose(Number(row.dataset.trade));
    reveal(made?.stage ?? row);
  });
}

palette = readPalette();
listenToTheme();
listenToPrint();
const runFacts = readFacts("run"), accountFacts = readFacts("account");
if (runFacts?.count > 0) makeRunPage(runFacts);
if (accountFacts?.count > 0) makeAccountPage(accountFacts);
root.dataset.ready = String(Math.round(performance.now()));

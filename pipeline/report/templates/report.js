// Filters, sorting and links into folded sections. Without it the page shows everything.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("figures").textContent);
  const form = document.getElementById("filters");
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const byId = (id) => document.getElementById(id);
  const format = (n) => n.toLocaleString("en");
  const counted = (n, one, many) => `${format(n)} ${n === 1 ? one : many}`;

  const items = all("[data-item]").map((element) => {
    const passage = element.closest(".passage");
    const interview = element.closest(".interview");
    return {
      element, passage, interview,
      theme: element.closest(".theme"),
      label: element.dataset.label,
      study: (interview || element).dataset.study,
      review: element.hasAttribute("data-review"),
      words: null,
    };
  });
  const wordsOf = (item) => {
    // Built on the first search only: an archive's page holds thousands of passages.
    item.words ??= [item.element, item.passage, item.interview]
      .filter(Boolean)
      .map((element) => (element === item.interview ? "" : element.textContent) + " " + (element.dataset.who || ""))
      .join(" ").toLowerCase();
    return item.words;
  };

  const chosen = () => ({
    study: byId("study") ? byId("study").value : "all",
    labels: new Set(all("input[name=label]:checked", form).map((box) => box.value)),
    review: byId("review") ? byId("review").checked : true,
    search: byId("search").value.trim().toLowerCase(),
  });

  function showItems(filter) {
    for (const item of items) {
      item.visible = filter.labels.has(item.label) && (filter.review || !item.review)
        && (filter.study === "all" || filter.study === item.study)
        && (!filter.search || wordsOf(item).includes(filter.search));
      item.element.hidden = !item.visible;
    }
  }

  function showHolders(filter, filtering) {
    const alive = new Set();
    for (const item of items) {
      if (item.visible) [item.passage, item.interview, item.theme].forEach((holder) => alive.add(holder));
    }
    for (const passage of all(".passage")) passage.hidden = !alive.has(passage);
    for (const interview of all(".interview")) {
      const empty = !interview.querySelector(".passage");
      const here = filter.study === "all" || filter.study === interview.dataset.study;
      interview.hidden = filtering && !(alive.has(interview) || (empty && here && !filter.search));
    }
    for (const part of all("[data-of-study]")) {
      part.hidden = filter.study !== "all" && filter.study !== part.dataset.ofStudy;
    }
    for (const head of all("#interviews > .study")) {
      head.hidden = !document.querySelector(`.interview[data-study="${head.dataset.study}"]:not([hidden])`);
    }
    byId("no-interviews").hidden = !filtering || all(".interview").some((interview) => !interview.hidden);
    for (const element of all("[data-kind]")) element.hidden = !filter.labels.has(element.dataset.kind);
    for (const fold of all(".against")) fold.hidden = !fold.querySelector("[data-item]:not([hidden])");
    for (const loose of all(".loose")) loose.hidden = !loose.querySelector("[data-item]:not([hidden])");
    return alive;
  }

  function showThemes(filter, alive) {
    for (const element of all("[data-theme]")) {
      const support = data.themes[element.dataset.theme] || {};
      const [people, statements] = filter.study === "all" ? [null, null] : support[filter.study] || [0, 0];
      const kind = element.dataset.kind;
      element.hidden = people === 0 || (kind !== undefined && !filter.labels.has(kind));
      if (!element.matches(".theme")) { tell(element, people, statements); continue; }
      tellCard(element, people, statements);
      const quoted = alive.has(element);
      element.querySelector(".elsewhere").hidden = quoted;
      if (filter.search && !quoted) element.hidden = true;
    }
    for (const link of all(".map a")) {
      const id = (link.getAttribute("href") || "").replace(/^#(t|theme)-/, "");
      const support = data.themes[id] || {};
      link.classList.toggle("dim", filter.study !== "all" && !support[filter.study]);
    }
  }

  // What a theme's numbers were over all studies is kept beside them, to be put back.
  function tell(row, people, statements) {
    const cells = [[row.querySelector("[data-people]"), people], [row.querySelector("[data-statements]"), statements]];
    for (const [cell, n] of cells) {
      cell.dataset.whole ??= cell.textContent;
      cell.textContent = n === null ? cell.dataset.whole : format(n);
    }
  }
  function tellCard(card, people, statements) {
    const text = card.querySelector("[data-support]");
    const bar = card.querySelector("[data-bar]");
    text.dataset.whole ??= text.textContent;
    bar.dataset.whole ??= bar.getAttribute("width");
    text.textContent = people === null ? text.dataset.whole
      : `${counted(people, "person", "people")}, ${counted(statements, "statement", "statements")}`;
    const whole = Number(bar.dataset.bar) || 1;
    bar.setAttribute("width", people === null ? bar.dataset.whole : (100 * people) / whole);
  }

  function showFigures(study) {
    const numbers = data.figures[study] || {};
    const number = (name) => numbers[name] || 0;
    for (const element of all("[data-figure]")) {
      const n = number(element.dataset.figure);
      element.textContent = element.dataset.one ? counted(n, element.dataset.one, element.dataset.many) : format(n);
    }
    const timeline = document.querySelector("table.timeline");
    if (!timeline) return;
    const most = Number(timeline.dataset.most) || 1;
    const silent = (stage) => !number(`any.${stage}.people_at`);
    for (const cell of all("[data-cell]")) {
      const n = number(`${cell.dataset.cell}.people_at`);
      cell.querySelector("circle").setAttribute("r", 26 * Math.sqrt(n / most));
      cell.classList.toggle("none", n === 0);
      cell.classList.toggle("silent", silent(cell.dataset.cell.split(".")[1]));
    }
    all("[data-stage]").forEach((head, place) => {
      head.classList.toggle("silent", silent(head.dataset.stage));
      timeline.querySelector(".any").children[place + 1].classList.toggle("silent", silent(head.dataset.stage));
    });
  }

  function apply() {
    const filter = chosen();
    const boxes = all("input[name=label]", form);
    const filtering = filter.study !== "all" || Boolean(filter.search) || !filter.review || filter.labels.size < boxes.length;
    showItems(filter);
    const alive = showHolders(filter, filtering);
    showThemes(filter, alive);
    showFigures(filter.study);
    for (const box of boxes) document.body.classList.toggle(`hide-${box.value}`, !box.checked);
    document.body.classList.toggle("hide-review", !filter.review);
    const told = items.filter((item) => item.passage);
    byId("result").textContent = filtering
      ? `${format(told.filter((item) => item.visible).length)} of ${counted(told.length, "statement", "statements")} below` : "";
    byId("reset").hidden = !filtering;
  }

  function sortBy(button) {
    const head = button.closest("th");
    const table = button.closest("table");
    const place = Array.from(head.parentElement.children).indexOf(head);
    const down = head.getAttribute("aria-sort") === "ascending";
    const key = (row) => row.children[place].textContent.trim();
    const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
    const numeric = (text) => text.replace(/(\d),(?=\d{3})/g, "$1");
    const rows = Array.from(table.tBodies[0].rows).map((row) => [numeric(key(row)), row]);
    rows.sort(([a], [b]) => order.compare(a, b) * (down ? -1 : 1));
    table.tBodies[0].append(...rows.map(([, row]) => row));
    for (const other of head.parentElement.children) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
  }

  // A link may lead into a folded section: unfold what holds its target.
  function reveal() {
    const target = location.hash && byId(location.hash.slice(1));
    if (!target) return;
    let fold = target.closest("details");
    if (!fold || fold.open) return;
    for (; fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView({ block: "center" });
  }

  let waiting = 0;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  byId("search").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 150); });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-sort]");
    if (button) sortBy(button);
  });
  window.addEventListener("hashchange", reveal);
  form.hidden = false;
  // A browser may bring back what was chosen before a reload.
  apply();
  reveal();
})();

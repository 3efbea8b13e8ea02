// The grid of half hours: arrow keys move, dragging paints, "all" ticks a day, the total follows, changes can be undone.
// Everything here only sets the checkboxes that the form sends anyway.
const form = document.querySelector("form[data-week]");
const table = form?.querySelector("table.hours");

if (table) {
  const bodies = [...table.tBodies];
  const days = [...table.querySelectorAll("thead abbr")].map((day) => day.title);
  const boxes = () => [...table.querySelectorAll('input[type="checkbox"]')];
  const rows = () => bodies.filter((body) => !body.hidden)
    .flatMap((body) => [...body.rows].filter((row) => row.querySelector("input")));
  const grid = () => rows().map((row) => [...row.querySelectorAll("input")]);
  const history = [];

  const picture = () => boxes().map((box) => box.checked);
  const restore = (states) => boxes().forEach((box, at) => { box.checked = states[at]; });

  // The server's own button for it is for browsers that run no script.
  form.querySelector('button[name="undo"]')?.remove();
  form.querySelectorAll('input[name="was"]').forEach((was) => was.remove());
  const undo = document.createElement("button");
  Object.assign(undo, { type: "button", className: "btn btn-quiet", textContent: form.dataset.undo, hidden: true });
  form.querySelector("[data-save] .btn").after(undo);

  function remember(states) {
    history.push(states);
    undo.hidden = false;
  }

  function total() {
    const columns = days.map(() => 0);
    for (const box of boxes()) if (box.checked) columns[box.closest("td").cellIndex - 1] += 30;
    const minutes = columns.reduce((sum, n) => sum + n, 0);
    const hours = `${Math.floor(minutes / 60)}${minutes % 60 ? "½" : ""}`;
    const text = minutes === 60 ? form.dataset.one
      : minutes === 30 ? form.dataset.short : form.dataset.many.replace("{n}", hours);
    document.querySelectorAll("[data-total]").forEach((place) => { if (place.textContent !== text) place.textContent = text; });
    const words = columns.map((n, day) => n && `${days[day]} ${[n >= 60 && `${Math.floor(n / 60)} h`, n % 60 && (n > 60 ? "30" : "30 min")]
      .filter(Boolean).join(" ")}`);
    document.querySelector("[data-by-day]").textContent = words.filter(Boolean).join(", ");
    form.dispatchEvent(new CustomEvent("hours")); // what follows from them is asked of the server
  }

  undo.addEventListener("click", () => {
    restore(history.pop());
    if (!history.length) {
      undo.hidden = true;
      form.querySelector("[data-save] .btn").focus();
    }
    total();
  });

  // The grid is one stop of the Tab key: the cell that was on last, or its first; arrows go on from there.
  function stopAt(box) {
    boxes().forEach((one) => { one.tabIndex = one === box ? 0 : -1; });
  }
  table.addEventListener("focusin", (event) => { if (event.target.type === "checkbox") stopAt(event.target); });
  form.querySelector("#grid-hint").hidden = false;
  table.setAttribute("aria-describedby", "grid-hint");
  const visible = (box) => box.offsetParent !== null;
  const firstStop = () => stopAt(boxes().find((box) => box.checked && visible(box)) ?? boxes().find(visible));
  firstStop();
  table.querySelectorAll("button.all").forEach((button, at) => { button.tabIndex = at ? -1 : 0; });

  // One tick by mouse, touch, label or Space.
  table.addEventListener("change", (event) => {
    const before = picture();
    before[boxes().indexOf(event.target)] = !event.target.checked;
    remember(before);
    total();
  });

  table.addEventListener("keydown", (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step) return;
    const wholeDays = [...table.querySelectorAll("button.all")];
    if (wholeDays.includes(event.target) && step[1]) {
      event.preventDefault();
      const next = wholeDays[wholeDays.indexOf(event.target) + step[1]];
      if (!next || !visible(next)) return;
      wholeDays.forEach((button) => { button.tabIndex = button === next ? 0 : -1; });
      return next.focus();
    }
    if (event.target.type !== "checkbox") return;
    event.preventDefault();
    const lines = grid();
    const row = lines.findIndex((line) => line.includes(event.target));
    const column = lines[row].indexOf(event.target);
    lines[row + step[0]]?.[column + step[1]]?.focus();
  });

  table.querySelectorAll("button.all").forEach((button, column) => button.addEventListener("click", (event) => {
    event.preventDefault();
    remember(picture());
    const cells = grid().map((line) => line[column]);
    const every = cells.every((box) => box.checked);
    cells.forEach((box) => { box.checked = !every; });
    total();
  }));

  const column = (day) => boxes().filter((box) => box.value.startsWith(`${day}-`));

  form.querySelector('button[name="copy"]').addEventListener("click", (event) => {
    const source = form.querySelector("#copy_from").value;
    const targets = [...form.querySelectorAll('input[name="copy_to"]:checked')].filter((tick) => tick.value !== source);
    if (!targets.length) return; // the server says what to do
    event.preventDefault();
    remember(picture());
    const states = column(source).map((box) => box.checked);
    for (const tick of targets) {
      column(tick.value).forEach((box, at) => { box.checked = states[at]; });
      tick.checked = false;
    }
    openTicked();
    total();
  });

  form.querySelector('button[name="clear"]').addEventListener("click", (event) => {
    event.preventDefault();
    remember(picture());
    boxes().forEach((box) => { box.checked = false; });
    total();
    undo.focus();
  });

  // No tick may lie in a part that is hidden.
  function openTicked() {
    for (const body of bodies) if (body.hidden && body.querySelector("input:checked")) body.hidden = false;
  }

  form.querySelectorAll('button[name="day"]').forEach((button, _at, all) => button.addEventListener("click", (event) => {
    event.preventDefault();
    table.className = `hours one-day day-${button.value}`;
    form.querySelector('input[name="shown_day"]').value = button.value;
    form.querySelector("#copy_from").value = button.value;
    all.forEach((one) => one.setAttribute("aria-pressed", one === button));
    table.querySelectorAll("button.all").forEach((one) => { one.tabIndex = visible(one) ? 0 : -1; });
    firstStop();
  }));

  form.querySelectorAll('button[name="reveal"]').forEach((button) => button.addEventListener("click", (event) => {
    event.preventDefault();
    const opened = bodies.filter((body) => body.dataset.behind === button.value);
    opened.forEach((body) => { body.hidden = false; });
    const shown = Object.assign(document.createElement("input"), { type: "hidden", name: "show", value: button.value });
    form.append(shown);
    button.remove();
    opened[0].querySelector("input").focus();
  }));

  // Painting: a rectangle from where the button went down takes the new state of its first cell. A finger scrolls the
  // page instead, and ticks by touching.
  let paint = null;
  const boxAt = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest("td")?.querySelector("input");

  table.addEventListener("pointerdown", (event) => {
    const box = event.target.closest("td")?.querySelector("input");
    if (!box || event.button !== 0 || event.pointerType === "touch") return;
    paint = { box, value: !box.checked, before: picture(), moved: false };
  });

  document.addEventListener("pointermove", (event) => {
    if (!paint) return;
    const box = boxAt(event);
    if (!box || !table.contains(box) || (box === paint.box && !paint.moved)) return;
    paint.moved = true;
    table.classList.add("painting");
    restore(paint.before);
    const lines = grid();
    const place = (one) => {
      const row = lines.findIndex((line) => line.includes(one));
      return [row, lines[row].indexOf(one)];
    };
    const [[top, left], [bottom, right]] = [place(paint.box), place(box)];
    for (let row = Math.min(top, bottom); row <= Math.max(top, bottom); row += 1) {
      for (let column = Math.min(left, right); column <= Math.max(left, right); column += 1) {
        lines[row][column].checked = paint.value;
      }
    }
    total();
  });

  const stop = () => {
    if (paint?.moved) {
      remember(paint.before);
      paint.box.focus();
      // A click that ends the painting in its first cell would turn that cell once more.
      const swallow = (event) => { event.preventDefault(); event.stopPropagation(); };
      table.addEventListener("click", swallow, { capture: true, once: true });
      setTimeout(() => table.removeEventListener("click", swallow, { capture: true }), 0);
    }
    table.classList.remove("painting");
    paint = null;
  };
  document.addEventListener("pointerup", stop);
  document.addEventListener("pointercancel", stop);
  table.addEventListener("dragstart", (event) => event.preventDefault());
}

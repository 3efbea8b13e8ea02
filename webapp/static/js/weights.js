// A slider beside each number, both always the same, and how much of a fit each counts. The numbers alone are sent.
const MOST = 10;

function valueOf(input) {
  const value = Number(input.value.replace(",", "."));
  return input.value.trim() !== "" && Number.isFinite(value) && value >= 0 ? value : null;
}

function slider(input) {
  const range = document.createElement("input");
  const label = document.querySelector(`label[for="${input.id}"]`);
  label.id = `${input.id}-label`;
  Object.assign(range, { type: "range", min: "0", max: String(Math.max(MOST, valueOf(input) ?? 0)), step: "0.5" });
  range.className = "slide";
  range.setAttribute("aria-labelledby", label.id);
  range.setAttribute("aria-describedby", `${input.id}-share`);
  range.value = String(valueOf(input) ?? 0);
  range.addEventListener("input", () => { input.value = range.value; });
  input.addEventListener("input", () => {
    const value = valueOf(input);
    if (value === null) return;
    range.max = String(Math.max(Number(range.max), Math.min(value, 100)));
    range.value = String(value);
  });
  input.before(range);
}

function tellShares(inputs) {
  const values = inputs.map(valueOf);
  const whole = values.reduce((sum, value) => sum + (value ?? 0), 0);
  inputs.forEach((input, at) => {
    const line = document.getElementById(`${input.id}-share`);
    const share = whole ? Math.round((100 * (values[at] ?? 0)) / whole) : 0;
    if (values[at] === null) line.textContent = "";
    else line.textContent = share ? line.dataset.share.replace("{n}", String(share)) : line.dataset.none;
  });
}

document.querySelectorAll("[data-weights]").forEach((root) => {
  const inputs = [...root.querySelectorAll("input")];
  inputs.forEach(slider);
  root.addEventListener("input", () => tellShares(inputs));
});

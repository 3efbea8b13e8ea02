// Fills in the browser's time zone where a form asks for one and none is chosen. Without script it is chosen from a list.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const field of document.querySelectorAll("input[data-zone], select[data-zone]")) {
  const known = field.tagName === "INPUT" || [...field.options].some((option) => option.value === zone);
  if (zone && known && !field.value) field.value = zone;
}

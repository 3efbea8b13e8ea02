// Fills in the browser's time zone where a form asks for one. Without script the zone is asked for later.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const field of document.querySelectorAll("input[data-zone]")) {
  if (zone && !field.value) field.value = zone;
}

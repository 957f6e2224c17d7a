// Tells the portal the browser's time zone with the first sign-in.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
for (const field of document.querySelectorAll("[data-zone]")) field.value = zone;

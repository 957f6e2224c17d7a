// Filters that are not set stay out of the address, so that it can be read and passed on.
for (const form of document.querySelectorAll("form.filters")) {
  form.addEventListener("formdata", ({ formData }) => {
    for (const name of new Set(formData.keys())) {
      const values = formData.getAll(name).filter((value) => value !== "");
      formData.delete(name);
      for (const value of values) formData.append(name, value);
    }
    if (formData.get("ordering") === form.dataset.ordering) formData.delete("ordering");
  });
}

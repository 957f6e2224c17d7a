// Shows the API's description; what is tried out here acts in the rights of the signed-in person.
const place = document.getElementById("api-docs");
const token = document.querySelector('meta[name="csrf-token"]');

function withToken(request) {
  const own = new URL(request.url, location.href).origin === location.origin;
  if (own && token) request.headers["X-CSRFToken"] = token.content;
  return request;
}

window.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  defaultModelsExpandDepth: -1,
  docExpansion: "list",
  validatorUrl: null,
  requestInterceptor: withToken,
});

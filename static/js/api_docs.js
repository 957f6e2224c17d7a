// Shows the API's description; what is tried out here acts in the rights of the signed-in person.
import { csrf } from "./csrf.js";

const place = document.getElementById("api-docs");

function withToken(request) {
  const own = new URL(request.url, location.href).origin === location.origin;
  if (own) request.headers["X-CSRFToken"] = csrf();
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

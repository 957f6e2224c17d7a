// The proof that a request comes from a page of the portal, read at the moment of sending: who signed in again
// in another tab has a new one, while the page still holds the former. What never got a cookie has its own.
export const csrf = () =>
  document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1] ??
  document.querySelector("meta[name=csrf-token]")?.content ??
  "";

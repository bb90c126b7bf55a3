/** The API token: kept for this tab only, so that closing it forgets the token. */
const KEY = "outrider.token";

export function readToken(): string {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

/** The empty text forgets it. A browser that refuses storage keeps none. */
export function writeToken(token: string): void {
  try {
    if (token === "") sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, token);
  } catch {
    // Storage may be forbidden; then every request goes out without a token and the API says so.
  }
}

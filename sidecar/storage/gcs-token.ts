import { failureOfNetwork, saidBy, storageFailure } from "./failures.ts";
import { loadOptional } from "./optional-package.ts";
import type { StorageConfig } from "./settings.ts";

/** The part of `google-auth-library` that is used. */
interface GoogleAuth {
  getAccessToken(): Promise<string | null | undefined>;
}
type GoogleAuthClass = new (options: { readonly scopes: readonly string[] }) => GoogleAuth;

const PACKAGE = { name: "google-auth-library", version: "11.3.4" };
const SCOPE = "https://www.googleapis.com/auth/devstorage.read_only";

/**
 * Gives the token of a request: Application Default Credentials, as `GOOGLE_APPLICATION_CREDENTIALS`, the login of
 * gcloud or the workload identity of GKE have them. Undefined where the settings say that none is needed.
 */
export function googleToken({ gcs, packages }: StorageConfig): (what: string) => Promise<string | undefined> {
  let made: Promise<GoogleAuth> | undefined;
  const make = async (what: string) => {
    const { GoogleAuth } = await loadOptional(PACKAGE, packages, what);
    return new (GoogleAuth as GoogleAuthClass)({ scopes: [SCOPE] });
  };
  return async (what) => {
    if (gcs.anonymous) return undefined;
    made ??= make(what);
    const auth = await made.catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    const token = await auth.getAccessToken().catch((error: unknown) => {
      throw (
        failureOfNetwork(what, error) ?? storageFailure("unauthorized", what, saidBy(error), { cause: error })
      );
    });
    if (typeof token === "string" && token !== "") return token;
    throw storageFailure("unauthorized", what, "no token of Google");
  };
}

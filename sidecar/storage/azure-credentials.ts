import { failureOfNetwork, saidBy, storageFailure } from "./failures.ts";
import { loadOptional } from "./optional-package.ts";
import type { StorageConfig } from "./settings.ts";

/** The part of `@azure/identity` that is used. */
interface Credential {
  getToken(scope: string): Promise<{ readonly token: string } | null>;
}
type CredentialClass = new () => Credential;

const PACKAGE = { name: "@azure/identity", version: "4.14.1" };
const SCOPE = "https://storage.azure.com/.default";

/** What a request carries to be let in. */
export interface AzureCredentials {
  readonly query: Readonly<Record<string, string>>;
  headers(what: string): Promise<Readonly<Record<string, string>>>;
}

/**
 * A shared access signature where `AZURE_STORAGE_SAS_TOKEN` has one; else a token that `DefaultAzureCredential` finds,
 * for example by the workload identity of AKS. That one keeps tokens and renews them.
 */
export function azureCredentials({ packages }: StorageConfig): AzureCredentials {
  const signature = process.env["AZURE_STORAGE_SAS_TOKEN"] ?? "";
  if (signature !== "") {
    const query = Object.fromEntries(new URLSearchParams(signature.replace(/^\?/, "")));
    return { query, headers: async () => ({}) };
  }
  let made: Promise<Credential> | undefined;
  const make = async (what: string) => {
    const { DefaultAzureCredential } = await loadOptional(PACKAGE, packages, what);
    return new (DefaultAzureCredential as CredentialClass)();
  };
  return {
    query: {},
    async headers(what) {
      made ??= make(what);
      const credential = await made.catch((error: unknown) => {
        made = undefined;
        throw error;
      });
      const got = await credential.getToken(SCOPE).catch((error: unknown) => {
        throw (
          failureOfNetwork(what, error) ??
          storageFailure("unauthorized", what, saidBy(error), { cause: error })
        );
      });
      if (got === null) throw storageFailure("unauthorized", what, "no token of Azure");
      return { authorization: `Bearer ${got.token}` };
    },
  };
}

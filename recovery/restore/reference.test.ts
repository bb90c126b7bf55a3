import { expect, it } from "vitest";
import { RESTORE_REASONS } from "./reasons.ts";
import { restoresReference } from "./reference.ts";

it("the reference page has an anchor for every reason, and says of each what one can do", () => {
  const page = restoresReference();
  for (const [code, { doc, instead }] of Object.entries(RESTORE_REASONS)) {
    expect(page).toContain(`\n## ${code}\n\n${doc}\n`);
    expect(page).toContain(`- What you can do: ${instead}\n`);
  }
});

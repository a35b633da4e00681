import { isDocument, type Lab } from "../lab";
import type { Document } from "../store/store";

/** Some of authentik's texts, from its translations. Not recorded. */
const GERMAN: Record<string, string> = {
  "Permission denied": "Erlaubnis verweigert",
  "Request has been denied.": "Anfrage wurde verweigert.",
  "Failed to authenticate.": "Authentifizierung fehlgeschlagen.",
  "Invalid password": "Ungültiges Passwort",
};

/** A text in the language of the user, or else of the default brand: attribute `settings.locale`. */
export async function translate(lab: Lab, user: Document | undefined, text: string): Promise<string> {
  const brand = (await lab.store.list("brand")).find((candidate) => candidate.default === true);
  const locale = localeOf(user) ?? localeOf(brand);
  return (locale === "de" && GERMAN[text]) || text;
}

function localeOf(holder: Document | undefined): string | undefined {
  const settings = isDocument(holder?.attributes) ? holder.attributes.settings : undefined;
  const locale = isDocument(settings) ? settings.locale : undefined;
  return typeof locale === "string" ? locale : undefined;
}

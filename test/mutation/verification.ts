/** Everything that tries verification, in one file: Stryker loads each test file anew for every mutant. */
import { readdirSync } from 'node:fs';
import '../providers/certificates.test.ts';
import '../providers/conformance.test.ts';
import '../providers/hmac-packs.test.ts';
import '../providers/proof-in-request.test.ts';
import '../providers/providers-doc.test.ts';
import '../providers/signed-packs.test.ts';
import '../providers/static-packs.test.ts';

const folder = new URL('../verification/', import.meta.url);
for (const file of readdirSync(folder))
  if (file.endsWith('.test.ts')) await import(new URL(file, folder).href);

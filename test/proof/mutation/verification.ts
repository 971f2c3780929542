/** Everything that tries verification, in one file: Stryker loads each test file anew for every mutant. */
import { readdirSync } from 'node:fs';
import '../../unit/providers/certificates.test.ts';
import '../../unit/providers/conformance.test.ts';
import '../../unit/providers/hmac-packs.test.ts';
import '../../unit/providers/proof-in-request.test.ts';
import '../../unit/providers/providers-doc.test.ts';
import '../../unit/providers/signed-packs.test.ts';
import '../../unit/providers/static-packs.test.ts';

const folder = new URL('../../unit/verification/', import.meta.url);
for (const file of readdirSync(folder))
  if (file.endsWith('.test.ts')) await import(new URL(file, folder).href);

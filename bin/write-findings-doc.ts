import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FINDING_AREAS } from '../lib/core/oneroster/finding-codes.ts';
import { findingsPage } from '../lib/pages/findings-page.ts';

writeFileSync(join(import.meta.dirname, '../docs/findings.md'), findingsPage(FINDING_AREAS));

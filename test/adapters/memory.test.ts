import { ledgerConformance } from './conformance/ledger.ts';
import { rosterTableConformance } from './conformance/roster-table.ts';
import { memoryWorld } from './memory-world.ts';

rosterTableConformance('memory', memoryWorld, 200);
ledgerConformance('memory', memoryWorld);

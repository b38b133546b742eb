import { detached } from '../oneroster/detached.ts';
import { idOfLine } from '../oneroster/record-line.ts';
import { isSchool, orgNameOf } from './school-cells.ts';

interface KnownOrg {
  readonly name: string;
  readonly school: boolean;
  readonly active: boolean;
  /** What a plan makes of it counts, whenever the table is read. */
  readonly planned: boolean;
}

/** The orgs of a district as they will be after a plan, and those that it removes: names only. */
export class KnownOrgs {
  readonly #orgs = new Map<string, KnownOrg>();

  /** An org of the table. */
  sawStored(line: string, active: boolean): void {
    const id = idOfLine(line);
    if (this.#orgs.get(id)?.planned !== true) this.#keep(id, line, active, false);
  }

  /** An org as a change of the plan leaves it. */
  sawPlanned(line: string, active: boolean): void {
    this.#keep(idOfLine(line), line, active, true);
  }

  /** Its name; its sourcedId where it has none. */
  nameOf(sourcedId: string): string {
    return this.#orgs.get(sourcedId)?.name || sourcedId;
  }

  /** The schools that are active after the plan. */
  *schools(): Generator<{ readonly sourcedId: string; readonly name: string }> {
    for (const [sourcedId, { name, school, active }] of this.#orgs) if (school && active) yield { sourcedId, name };
  }

  #keep(id: string, line: string, active: boolean, planned: boolean): void {
    this.#orgs.set(detached(id), { name: detached(orgNameOf(line)), school: isSchool(line), active, planned });
  }
}

import { homePrefix } from '../contracts/object-keys.ts';
import { recogniseFileName } from '../core/delivery/file-names.ts';
import type { DistrictSettings } from '../core/district/settings.ts';
import type { DeliveryFile } from '../core/sync/sync.ts';
import type { Clock } from '../ports/clock.ts';
import type { Landing, ListedObject } from '../ports/objects.ts';

/**
 * Whether the folder holds a OneRoster file that is not in the set yet: a newer version of one of its files, or one more.
 * Its quiet time is not over, or its message is late; its own claim looks at the set again. Without this, a set that
 * lacks one file of the last export would be taken for whole as soon as that one comes with the next export, and be
 * half of each (R16).
 */
export async function isMoreComing(
  { landing, clock }: { readonly landing: Landing; readonly clock: Clock },
  settings: DistrictSettings,
  folder: string,
  files: readonly DeliveryFile[],
): Promise<boolean> {
  const prefix = `${homePrefix(settings.districtId)}${folder === '' ? '' : `${folder}/`}`;
  const byName = new Map(files.map((file) => [file.name, file]));
  // What lies there longer was given up: it must not hold a set back for ever.
  const oldest = clock.now().getTime() - settings.incompleteAfterHours * 3_600_000;
  return (await landing.list(prefix)).some((object) => {
    const name = object.key.slice(prefix.length);
    if (recogniseFileName(name) === null || object.bytes === 0) return false;
    return Date.parse(object.lastModified) > oldest && !isVersion(object, byName.get(name));
  });
}

/** Whether the listed object is the version that the set has: claimed, and not removed yet. */
const isVersion = ({ eTag, lastModified }: ListedObject, file: DeliveryFile | undefined): boolean =>
  file?.eTag === eTag && file.lastModified === lastModified;

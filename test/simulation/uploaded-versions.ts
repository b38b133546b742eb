import type { FailedUpload } from '../../lib/core/delivery/failed-upload.ts';
import type { DeliveryFile } from '../../lib/core/sync/sync.ts';
import type { UploadedObject } from '../../lib/ports/objects.ts';
import { type Export, MANIFEST_NAME, type Piece } from './uploads.ts';

/** One object that a district put, and what became of it on the landing side. */
export interface UploadedVersion {
  readonly object: UploadedObject;
  readonly districtId: string;
  readonly of: Export;
  readonly piece: Piece;
  readonly putMillis: number;
  /** When the next version came under the same key. */
  replacedMillis: number | null;
  /** Step since which it is known as what a failed upload has left (R16). */
  failedSince?: number;
}

/** What the district put, version by version: the truth that deliveries are measured by. */
export class UploadedVersions {
  readonly all: UploadedVersion[] = [];
  readonly #current = new Map<string, UploadedVersion>();
  readonly #archived = new Map<string, UploadedVersion>();

  put(version: UploadedVersion): void {
    const { key } = version.object;
    const last = this.#current.get(key);
    if (last !== undefined) last.replacedMillis = version.putMillis;
    this.#current.set(key, version);
    this.all.push(version);
  }

  archived(object: UploadedObject, archiveKey: string): void {
    const version = this.all.find(
      (each) => each.object.versionId === object.versionId && each.object.key === object.key,
    );
    if (version === undefined) throw new Error('a copy of an object that nobody put');
    this.#archived.set(archiveKey, version);
  }

  /** Transfer's word that an upload failed has been taken in. */
  failed(districtId: string, { folder, name, eTag }: FailedUpload, step: number): void {
    const key = `home/${districtId}/${folder === '' ? '' : `${folder}/`}${name}`;
    for (const version of this.all)
      if (version.object.key === key && version.object.eTag === `"${eTag}"`) version.failedSince ??= step;
  }

  /** Since which step one of these files is known as failed; infinity where none is. */
  failedSince(files: readonly DeliveryFile[]): number {
    return Math.min(...files.map((file) => this.ofFile(file).failedSince ?? Number.POSITIVE_INFINITY));
  }

  /** The landing key that a file of the archive was copied from. */
  keyOf(archiveKey: string): string {
    return this.ofFile({ key: archiveKey }).object.key;
  }

  ofFile({ key }: Pick<DeliveryFile, 'key'>): UploadedVersion {
    const version = this.#archived.get(key);
    if (version === undefined) throw new Error('a file of a delivery that nobody copied');
    return version;
  }

  /** The one export that these files are, or why they are not one. */
  exportOf(files: readonly DeliveryFile[]): Export | { readonly mixed: string } {
    const versions = files.map((file) => ({ name: file.name, version: this.ofFile(file) }));
    const leading = versions.find(({ name }) => name === MANIFEST_NAME) ?? versions[0];
    if (leading === undefined) return { mixed: 'no file' };
    const whole = leading.version.of;
    if (whole.packaging === 'zip') return versions.length === 1 ? whole : { mixed: 'more than one file beside a zip' };
    for (const name of Object.keys(whole.content.files)) {
      const found = versions.find((each) => each.name === name)?.version;
      if (found?.of !== whole) return { mixed: `${name} of ${found?.of.name ?? 'nobody'} in ${whole.name}` };
      if (found.piece.cut && found.piece.body !== whole.content.files[name]) return { mixed: `${name} is cut` };
    }
    // A file that the manifest lists as absent is not read, whoever put it there (R7).
    const foreign = versions.find(({ version }) => version.of !== whole);
    const listed = MANIFEST_NAME in whole.content.files;
    return foreign === undefined || listed ? whole : { mixed: `${foreign.name} of ${foreign.version.of.name}` };
  }
}

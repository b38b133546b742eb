import type { Upload } from '../core/delivery/upload.ts';
import type { Delivery, DeliveryFile } from '../core/sync/sync.ts';

/** Bounds of what is read, as the district's settings have them. */
export interface ReadingLimits {
  readonly maxRowBytes: number;
  /** Absent: those of the zip adapter. */
  readonly zip?: { readonly maxEntries: number; readonly maxExpandedBytes: number; readonly maxRatio: number };
}

/** An upload that is open: close it when done. */
export type OpenUpload = Upload & {
  /** Whether every entry of a zip is what its directory says, checksum included; absent for loose files. */
  isIntact?(): Promise<boolean>;
  close(): Promise<void>;
};

/** Opens the frozen files of a delivery the way the engine reads uploads. */
export interface DeliveryReader {
  open(
    delivery: Pick<Delivery, 'packaging'>,
    files: readonly DeliveryFile[],
    limits: ReadingLimits,
  ): Promise<OpenUpload>;
}

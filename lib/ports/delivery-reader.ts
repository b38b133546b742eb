import type { Upload } from '../core/delivery/upload.ts';
import type { Delivery, DeliveryFile } from '../core/sync/sync.ts';

/** Opens the frozen files of a delivery the way the engine reads uploads. */
export interface DeliveryReader {
  /** `maxRowBytes`: the district's limit. Close it when done. */
  open(
    delivery: Pick<Delivery, 'packaging'>,
    files: readonly DeliveryFile[],
    maxRowBytes: number,
  ): Promise<Upload & { close(): Promise<void> }>;
}

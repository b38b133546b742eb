/** The bytes of a zip entry are not what its archive promised (R16): cut, damaged, or of another length or checksum. */
export class BrokenEntry extends Error {
  override readonly name = 'BrokenEntry';
  readonly code = 'broken-entry';
  readonly retryable = false;
}

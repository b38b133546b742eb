/** Nothing but blanks. Looked at only where the first character is one. */
export const isBlank = (cell: string): boolean => cell.charCodeAt(0) <= 0x20 && /^ +$/.test(cell);

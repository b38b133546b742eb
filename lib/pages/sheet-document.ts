/** A piece of a line: plain text, something to be typed or compared as it stands, something that matters, a link. */
export type Piece = string | { readonly code: string } | { readonly strong: string } | { readonly link: string };

/** A line of text. */
export type Line = readonly Piece[];

/** A part of a section. */
export type SheetPart =
  | { readonly paragraph: Line }
  | { readonly list: readonly Line[] }
  | { readonly steps: readonly Line[] }
  /** `head` empty: the first column names the rows. */
  | { readonly table: { readonly head: readonly string[]; readonly rows: readonly (readonly Line[])[] } }
  | { readonly command: string };

/** A sheet for people, before it is Markdown or HTML: both say the same. */
export interface SheetDocument {
  readonly title: string;
  readonly intro: readonly SheetPart[];
  readonly sections: readonly { readonly heading: string; readonly parts: readonly SheetPart[] }[];
}

/** `line` as a tag: text and values in turn; values are shown as code, to be typed as they stand. */
export function line(texts: TemplateStringsArray, ...values: readonly (Piece | number)[]): Line {
  return texts
    .flatMap((text, at): Piece[] => {
      const value = values[at];
      if (value === undefined) return [text];
      return [text, typeof value === 'object' ? value : { code: String(value) }];
    })
    .filter((piece) => piece !== '');
}

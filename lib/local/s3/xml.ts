import { S3Error } from './errors.ts';

/** One element of a parsed document. Attributes are dropped: S3 requests carry none that matter. */
export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** Text directly inside this element, entities resolved. */
  readonly text: string;
}

const TOKEN = /<\?[^>]*\?>|<!--[\s\S]*?-->|<(\/?)([^\s/>!?]+)[^>]*?(\/?)>|([^<]+)/gy;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const resolveEntities = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (_, hex?: string, decimal?: string, named?: string) => {
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal) return String.fromCodePoint(Number(decimal));
    const character = ENTITIES[named ?? ''];
    if (character === undefined) throw new S3Error('MalformedXML', `Unknown entity: ${named}`);
    return character;
  });

/** Parses the small documents that S3 clients send. No DOCTYPE, no CDATA. Throws `MalformedXML`. */
export function parseXml(source: string): XmlElement {
  interface Open {
    name: string;
    children: XmlElement[];
    text: string;
  }
  const root: Open = { name: '', children: [], text: '' };
  const open: Open[] = [root];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const token = TOKEN.exec(source);
    const current = open.at(-1);
    if (!token || !current) throw new S3Error('MalformedXML', 'The XML is not well-formed.');
    const [, closing, name, empty, text] = token;
    if (text !== undefined) current.text += resolveEntities(text);
    else if (name && closing) {
      if (current.name !== name || open.length === 1) throw new S3Error('MalformedXML', `Unexpected </${name}>.`);
      open.pop();
    } else if (name) {
      const element: Open = { name, children: [], text: '' };
      current.children.push(element);
      if (!empty) open.push(element);
    }
  }
  const [document] = root.children;
  if (open.length !== 1 || !document) throw new S3Error('MalformedXML', 'The XML ends too early.');
  return document;
}

/** The children of one name. */
export const childrenOf = (element: XmlElement, name: string): readonly XmlElement[] =>
  element.children.filter((child) => child.name === name);

/** The text of the first child of that name, or undefined. */
export const childText = (element: XmlElement, name: string): string | undefined =>
  element.children.find((child) => child.name === name)?.text;

/** Control characters become references: keys may hold them, and S3 writes them like that too. */
const escapeXml = (text: string): string =>
  text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/[\u0000-\u001f]/g, (character) => `&#x${character.charCodeAt(0).toString(16)};`);

/** `<name>value</name>`, escaped; nothing at all for undefined. */
export const leaf = (name: string, value: string | number | boolean | undefined): string =>
  value === undefined ? '' : `<${name}>${escapeXml(String(value))}</${name}>`;

/** An element around children that are XML already. */
export const element = (name: string, ...children: readonly string[]): string =>
  `<${name}>${children.join('')}</${name}>`;

/** A whole answer, with S3's name space. */
export const xmlDocument = (name: string, ...children: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${children.join('')}</${name}>`;

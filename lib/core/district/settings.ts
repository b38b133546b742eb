import * as z from 'zod';
import { calendarSchema, isTimeZone } from './calendar-settings.ts';
import { limitsSchema, rollOverSchema } from './limit-settings.ts';
import { ssoSettingsSchema } from './sso-settings.ts';

/**
 * What a district's people and ours have decided about it. One object, schema-checked wherever it is written;
 * the file never decides any of it (R3).
 */
export const districtSettingsSchema = z.strictObject({
  /** Our slug; also the SFTP home folder and the start of the SFTP user name. */
  districtId: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$/, 'lower-case letters, digits and hyphens, 3 to 40 characters')
    .describe('our slug for the district'),
  name: z.string().min(1).max(200).describe('the name of the district, for people'),
  classLinkTenantId: z.int().positive().nullable().default(null).describe("ClassLink's integer for the tenant"),
  firstSync: z.enum(['hold', 'apply']).default('hold').describe('whether the first plan waits for a person (R11)'),
  storeDemographics: z.boolean().default(false).describe('keep demographics.csv (R10)'),
  quietSeconds: z
    .int()
    .min(1)
    .max(900)
    .default(180)
    .describe('how long an uploaded file must be quiet before it is taken, seconds'),
  incompleteAfterHours: z
    .int()
    .min(1)
    .max(72)
    .default(6)
    .describe('after how many hours a set that never became whole is incomplete'),
  maxRowBytes: z.int().min(1024).max(300_000).default(262_144).describe('longest row that is read, bytes'),
  zip: z
    .strictObject({
      maxEntries: z.int().min(1).max(10_000).default(200).describe('files in a zip'),
      maxExpandedBytes: z
        .int()
        .min(1024)
        .default(8 * 1024 ** 3)
        .describe('bytes that a zip may expand to'),
      maxRatio: z.number().min(2).default(200).describe('expanded bytes for one byte of a zip larger than 10 MB'),
    })
    .prefault({})
    .describe('what a zip may be (R7)'),
  limits: limitsSchema.prefault({}).describe('what holds a plan (R11)'),
  rollOver: rollOverSchema.default([]).describe('windows of days with limits of their own (R11)'),
  contacts: z.array(z.email()).max(20).default([]).describe('who gets mails about syncs'),
  weeklySummary: z.boolean().default(false).describe('mail the contacts a summary of each week'),
  timeZone: z
    .string()
    .refine(isTimeZone, 'the IANA name of a time zone, such as America/Chicago')
    .default('America/New_York')
    .describe('IANA time zone of the district'),
  calendar: calendarSchema
    .nullable()
    .default(null)
    .describe('when exports are expected, so that someone is told when none comes (R17); null: whenever they come'),
  sameBytesDays: z
    .int()
    .min(2)
    .max(30)
    .default(7)
    .describe('after how many days of equal files someone is told that the export may be stuck'),
  sso: ssoSettingsSchema.prefault({}).describe('who may sign in, and for how long (R18, R20, R21)'),
  suspended: z.boolean().default(false).describe('no uploads, no launches, sessions end (R14)'),
});

/** The settings of one district, complete with defaults. */
export type DistrictSettings = z.infer<typeof districtSettingsSchema>;

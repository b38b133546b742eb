import * as z from 'zod';

/** How long sessions of a role last. Checked at each refresh, so at the latest when a 10-minute token ends (R21). */
const livesSchema = (idleMinutes: number) =>
  z.strictObject({
    idleMinutes: z
      .int()
      .min(15)
      .max(720)
      .default(idleMinutes)
      .describe('a session ends when the product has not refreshed it for so many minutes'),
    absoluteMinutes: z
      .int()
      .min(15)
      .max(720)
      .default(720)
      .describe('a session ends after so many minutes in any case; 720 = 12 hours'),
  });

/** What a district has decided about signing in (R18, R20, R21). */
export const ssoSettingsSchema = z.strictObject({
  roles: z
    .enum(['off', 'teachers', 'students', 'all'])
    .default('all')
    .describe("who may sign in, by the roster's role: nobody, role teacher, role student, everyone"),
  allowedSchools: z
    .array(z.string().min(1).max(255))
    .max(500)
    .default([])
    .describe('sourcedIds of the schools whose users may sign in; none named: all'),
  usernameFallback: z
    .boolean()
    .default(false)
    .describe(
      'where ClassLink sends no sourcedId of the roster: match LoginId with username, students and teachers only',
    ),
  clientId: z.string().min(1).max(200).nullable().default(null).describe('the product; null: the first registered one'),
  sessions: z
    .strictObject({
      student: livesSchema(60).prefault({}).describe('sessions of students'),
      others: livesSchema(120).prefault({}).describe('sessions of all other roles'),
    })
    .prefault({})
    .describe('how long sessions last'),
});

/** The sign-on settings of one district, complete with defaults. */
export type SsoSettings = z.infer<typeof ssoSettingsSchema>;

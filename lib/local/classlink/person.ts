import { createHash } from 'node:crypto';

/** Someone who has a LaunchPad account: rostered or not, of a district that we know or not. */
export interface Person {
  /** ClassLink's integer of the district. */
  readonly tenantId: number;
  readonly tenantName: string;
  /** As ClassLink believes it; blank where it knows none. */
  readonly sourcedId: string;
  /** What the SIS called this person before, where it changed the id. */
  readonly oldSourcedId: string;
  readonly loginId: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string;
  /** OneRoster's word. */
  readonly role: string;
  readonly orgSourcedIds: readonly string[];
}

/** Finds the person behind a login of a tenant. */
export interface People {
  /** By sourcedId or username; someone made up where the roster knows neither, as the tile may be shared with anybody. */
  find(tenantId: number, user: string): Promise<Person>;
  /** The tenants of our districts. */
  tenants(): Promise<readonly Tenant[]>;
  /** A few people of a tenant to sign in as, students first. */
  some(tenantId: number): Promise<readonly Person[]>;
}

/** A district as ClassLink sees it. */
export interface Tenant {
  readonly tenantId: number;
  readonly name: string;
  readonly districtId: string;
}

/**
 * ClassLink's own id of an account: a positive integer, unique across districts, that survives a change of the sourcedId.
 * Here it comes from the login name, so that it is the same after a restart. 48 bits: no two of a million share one.
 */
export function userIdOf({ tenantId, loginId, sourcedId }: Person): number {
  const account = `${tenantId}\n${loginId === '' ? sourcedId : loginId}`;
  return createHash('sha256').update(account).digest().readUIntBE(0, 6);
}

/** The role as LaunchPad says it. Administrators come as teachers, as two of ClassLink's own test accounts do. */
const launchPadRole = (role: string) =>
  role === 'student' ? ({ Role: 'Student', Role_Level: 4 } as const) : ({ Role: 'Teacher', Role_Level: 3 } as const);

/** What `/v2/my/info` answers, field for field as ClassLink documents it. `OrgId` is a list, or a blank string where there is none. */
export function myInfo(person: Person, sourcedId: string) {
  return {
    UserId: userIdOf(person),
    TenantId: person.tenantId,
    StateId: 2,
    StateName: 'New Jersey',
    BuildingId: 1,
    AuthenticationType: 2,
    DisplayName: `${person.givenName} ${person.familyName}`,
    FirstName: person.givenName,
    LastName: person.familyName,
    Email: person.email,
    LoginId: person.loginId,
    ImagePath: '',
    LanguageId: 1,
    Language: 'en',
    DefaultTimeFormat: 0,
    Profile: `${launchPadRole(person.role).Role} Profile`,
    ProfileId: 3280,
    Tenant: person.tenantName,
    Building: 'Building 1',
    ...launchPadRole(person.role),
    LastAccessTime: '2026-11-23T07:58:32.000Z',
    OrgId: person.orgSourcedIds.length === 0 ? '' : [...person.orgSourcedIds],
    SourcedId: sourcedId,
  };
}

/** The claims of the identity token. `classLink_…` come with the scope `oneroster` alone. */
export function claimsOf(person: Person, sourcedId: string): { readonly sub: string } & Record<string, unknown> {
  const { Role, Role_Level } = launchPadRole(person.role);
  return {
    sub: String(userIdOf(person)),
    login_hint: person.loginId,
    email_verified: true,
    email: person.email,
    name: `${person.givenName} ${person.familyName}`,
    profile: Role,
    address: { locality: person.tenantName, region: 'New Jersey' },
    given_name: person.givenName,
    family_name: person.familyName,
    classLink_tenant_id: person.tenantId,
    classLink_tenant_id_string: String(person.tenantId),
    classLink_role: Role,
    classLink_role_level: Role_Level,
    classLink_sourcedId: sourcedId,
    classLink_org_sourcedids: [...person.orgSourcedIds],
  };
}

import type { PlannedTable } from './expected-table.ts';
import { cellOf, keyOf, type RecordLook } from './table-look.ts';

/**
 * What is wrong with the pairs that a plan found, a sentence each (R12): each is one who goes and one who comes, one to one
 * and of one role; and nobody is missed who keeps an identifier that is theirs alone.
 */
export function wrongPairs({ before, after, pairs }: PlannedTable): string[] {
  const users = [...after].filter(([, { kind }]) => kind === 'user');
  const gone = users.filter(([key, look]) => before.get(key)?.status === 'active' && look.status === 'inactive');
  const came = users.filter(([key, look]) => before.get(key)?.status !== 'active' && look.status === 'active');
  const wrong: string[] = [];
  for (const { from, to } of pairs) {
    const old = gone.find(([key]) => key === keyOf('user', from))?.[1];
    const young = came.find(([key]) => key === keyOf('user', to))?.[1];
    const twice = pairs.filter((pair) => pair.from === from || pair.to === to).length > 1;
    if (old === undefined || young === undefined || twice || cellOf(old, 'role') !== cellOf(young, 'role'))
      wrong.push(`${from} and ${to} are no pair`);
  }
  for (const [, old] of gone) {
    const [young, ...others] = came.map(([, look]) => look).filter((look) => areAlike(old, look));
    const rivals = gone.filter(([, look]) => areAlike(old, look)).length;
    if (young === undefined || others.length > 0 || rivals > 1) continue;
    if (!pairs.some(({ from, to }) => from === old.id && to === young.id)) wrong.push(`${old.id} is ${young.id}`);
  }
  return wrong;
}

const areAlike = (one: RecordLook, other: RecordLook): boolean =>
  cellOf(one, 'identifier') !== '' &&
  cellOf(one, 'identifier') === cellOf(other, 'identifier') &&
  cellOf(one, 'role') === cellOf(other, 'role');
